// A small network driver that keeps its descriptors on the heap.
#include <linux/etherdevice.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

struct ring_entry {
	struct list_head node;
	u32 index;
	u8 *data;
};

struct ring_priv {
	struct net_device *ndev;
	struct mutex lock;
	struct ring_entry *spare;
	struct list_head entries;
	u32 last;
	int users;
};

void ring_hw_quiesce(struct ring_entry *entry);

static void ring_drop(struct ring_priv *priv, struct ring_entry *entry)
{
	kfree(entry);
	priv->last = entry->index; // error: use-after-free "`entry` is used after kfree() freed it"
}

static void ring_drop_later(struct ring_priv *priv, struct ring_entry *entry)
{
	u32 index = entry->index;

	kfree(entry);
	priv->last = index; // ok: use-after-free
}

static void ring_receive(struct ring_priv *priv, struct sk_buff *skb)
{
	skb->protocol = eth_type_trans(skb, priv->ndev);
	netif_rx(skb);
	priv->ndev->stats.rx_bytes += skb->len; // error: use-after-free "`skb` is used after netif_rx() took it over"
}

static void ring_quiesce(struct ring_entry *entry)
{
	kfree(entry); // related: use-after-free "frees it here"
	ring_hw_quiesce(entry); // error: use-after-free "`entry` is passed to ring_hw_quiesce() after kfree() freed it"
}

static void ring_alias(struct ring_priv *priv, struct ring_entry *entry)
{
	struct ring_entry *gone = entry;

	kfree(gone);
	priv->last = entry->index; // error: use-after-free "`entry` is used after kfree() freed it"
}

/* The caller frees what it gave when this fails. */
static int ring_check(struct ring_entry *entry)
{
	if (entry->index > 64) {
		kfree(entry);
		return -EINVAL;
	}
	return 0;
}

static int ring_add(struct ring_priv *priv, struct ring_entry *entry)
{
	int ret;

	ret = ring_check(entry); // related: use-after-free "ring_check() is called here"
	if (ret) {
		priv->last = entry->index; // error: use-after-free "`entry` is used after kfree() freed it"
		return ret;
	}
	list_add(&entry->node, &priv->entries); // ok: use-after-free
	return 0;
}

static void ring_swap(struct ring_priv *priv, struct ring_entry *fresh)
{
	kfree(priv->spare);
	priv->spare = fresh;
	priv->last = priv->spare->index; // ok: use-after-free
}

static void ring_flush(struct ring_priv *priv)
{
	struct ring_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &priv->entries, node) {
		list_del(&entry->node); // ok: use-after-free
		kfree(entry);
	}
}

static void ring_trim(struct ring_priv *priv, struct ring_entry *entry, bool all)
{
	if (all)
		kfree(entry);
	pr_debug("ring: dropped %p\n", entry); // ok: use-after-free
	if (!all)
		entry->index = 0; // ok: use-after-free
}

static void ring_remove(struct net_device *ndev)
{
	struct ring_priv *priv = netdev_priv(ndev);

	unregister_netdev(ndev);
	free_netdev(ndev);
	mutex_destroy(&priv->lock); // error: use-after-free "`priv` is passed to mutex_destroy() after free_netdev() freed it"
}

static void ring_remove_right(struct net_device *ndev)
{
	struct ring_priv *priv = netdev_priv(ndev);

	unregister_netdev(ndev);
	mutex_destroy(&priv->lock); // ok: use-after-free
	free_netdev(ndev);
}

MODULE_LICENSE("GPL");
