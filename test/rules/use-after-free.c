// A small network driver that keeps its descriptors on the heap, and a charger that polls its battery from a work.
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

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

struct charger {
	struct device *dev;
	struct work_struct poll;
	struct work_struct report;
	struct delayed_work debounce;
	struct timer_list watchdog;
	int level;
};

static void charger_poll(struct work_struct *work)
{
	struct charger *charger = container_of(work, struct charger, poll);

	charger->level++;
}

static void charger_report(struct work_struct *work)
{
	struct charger *charger = container_of(work, struct charger, report);

	dev_info(charger->dev, "level %d\n", charger->level);
}

static void charger_debounce(struct work_struct *work)
{
	struct charger *charger = container_of(work, struct charger, debounce.work);

	schedule_work(&charger->report);
}

/* Nothing makes this one run. */
static void charger_watchdog(struct timer_list *timer)
{
	struct charger *charger = container_of(timer, struct charger, watchdog);

	charger->level = 0;
}

static irqreturn_t charger_irq(int irq, void *data)
{
	struct charger *charger = data;

	schedule_work(&charger->poll); // related: use-after-free "charger_irq() makes it run from here"
	schedule_delayed_work(&charger->debounce, HZ / 10);
	return IRQ_HANDLED;
}

static int charger_probe(struct platform_device *pdev)
{
	struct charger *charger;

	charger = kzalloc(sizeof(*charger), GFP_KERNEL);
	if (!charger)
		return -ENOMEM;
	charger->dev = &pdev->dev;
	INIT_WORK(&charger->poll, charger_poll); // related: use-after-free "set up here, inside struct charger"
	INIT_WORK(&charger->report, charger_report); // ok: use-after-free
	INIT_DELAYED_WORK(&charger->debounce, charger_debounce); // ok: use-after-free
	timer_setup(&charger->watchdog, charger_watchdog, 0); // ok: use-after-free
	platform_set_drvdata(pdev, charger);
	return 0;
}

static void charger_remove(struct platform_device *pdev)
{
	struct charger *charger = platform_get_drvdata(pdev);

	cancel_delayed_work_sync(&charger->debounce);
	cancel_work_sync(&charger->report);
	kfree(charger); // warning: use-after-free "work item `charger->poll` may still be pending or running when its data is freed here: cancel_work_sync() is missing"
}

static struct platform_driver charger_driver = {
	.probe = charger_probe,
	.remove_new = charger_remove,
	.driver = { .name = "charger" },
};
module_platform_driver(charger_driver);

struct charger_link {
	struct device dev;
	refcount_t users;
	struct kref ref;
	struct work_struct unplug;
	int level;
};

static bool charger_link_put(struct charger_link *link)
{
	if (refcount_dec_and_test(&link->users)) {
		kfree(link);
		return true;
	}
	return false;
}

/* Whoever goes on after the warning is sure that it was not the last. */
void charger_link_event(struct charger_link *link)
{
	int ret;

	ret = charger_process(link);
	if (ret) {
		WARN_ON_ONCE(charger_link_put(link));
	}
	if (charger_link_put(link)) // ok: use-after-free
		return;
}

static void charger_link_unplug(struct work_struct *work)
{
	struct charger_link *link = container_of(work, struct charger_link, unplug);

	link->level = 0;
	charger_unplug(link);
}

/* The pending work item may hold a reference. */
void charger_link_release(struct kref *ref)
{
	struct charger_link *link = container_of(ref, struct charger_link, ref);

	kfree(link); // ok: use-after-free
}

void charger_link_stop(struct charger_link *link)
{
	queue_work(system_wq, &link->unplug);
}

void charger_link_init(struct charger_link *link)
{
	kref_init(&link->ref);
	INIT_WORK(&link->unplug, charger_link_unplug);
}

/* There is no release function for it, of which the driver core complains; it frees nothing. */
int charger_link_make(struct device *parent)
{
	struct charger_link *link = kzalloc(sizeof(*link), GFP_KERNEL);
	int ret;

	if (!link)
		return -ENOMEM;
	link->dev.parent = parent;
	ret = device_register(&link->dev);
	if (ret) {
		put_device(&link->dev);
		kfree(link); // ok: double-free
	}
	return ret;
}

/* The driver made the URB and still has it. */
int siren_send_delayed(struct usb_anchor *delayed)
{
	struct urb *urb = usb_get_from_anchor(delayed);

	if (!urb)
		return 0;
	usb_put_urb(urb);
	return usb_submit_urb(urb, GFP_ATOMIC); // ok: use-after-free
}

MODULE_LICENSE("GPL");
