// fixture: a table of clients under RCU, read without it, used after it, and freed too soon.
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct client {
	struct list_head node;
	struct rcu_head rcu;
	struct kref ref;
	int id;
	int hits;
};

struct hub {
	struct mutex lock;
	struct list_head clients;
	struct client __rcu *owner;
	struct work_struct work;
};

int hub_exercise(struct hub *hub, int id);

static int hub_open(struct inode *inode, struct file *file)
{
	struct hub *hub = file->private_data;
	struct client *client;
	int count = 0;

	list_for_each_entry_rcu(client, &hub->clients, node) // error: rcu-misuse "list_for_each_entry_rcu() outside an RCU read-side critical section"
		count++;
	return count > 8 ? -EBUSY : 0;
}

static void hub_work(struct work_struct *work)
{
	struct hub *hub = container_of(work, struct hub, work);
	struct client *owner = rcu_dereference(hub->owner); // error: rcu-misuse "rcu_dereference() outside an RCU read-side critical section"

	if (owner)
		owner->hits++;
}

static int hub_release(struct inode *inode, struct file *file)
{
	struct hub *hub = file->private_data;
	struct client *owner, *client;
	int hits = 0;

	rcu_read_lock();
	owner = rcu_dereference(hub->owner); // ok: rcu-misuse
	if (owner)
		hits = owner->hits;
	rcu_read_unlock();

	mutex_lock(&hub->lock);
	list_for_each_entry_rcu(client, &hub->clients, node, lockdep_is_held(&hub->lock)) // ok: rcu-misuse
		hits += client->hits;
	owner = rcu_dereference_protected(hub->owner, lockdep_is_held(&hub->lock)); // ok: rcu-misuse
	if (owner)
		hits -= owner->hits;
	mutex_unlock(&hub->lock);
	return hits;
}

static const struct file_operations hub_fops = {
	.owner = THIS_MODULE,
	.open = hub_open,
	.release = hub_release,
};

static int hub_owner_id(struct hub *hub)
{
	struct client *owner;

	rcu_read_lock();
	owner = rcu_dereference(hub->owner); // related: rcu-misuse "`owner` read here, under RCU"
	rcu_read_unlock(); // related: rcu-misuse "the read-side critical section ends here"
	if (!owner)
		return -ENOENT;
	return owner->id; // error: rcu-misuse "`owner` is used after rcu_read_unlock()"
}

static struct client *hub_owner_get(struct hub *hub)
{
	struct client *owner;

	rcu_read_lock();
	owner = rcu_dereference(hub->owner);
	if (owner && !kref_get_unless_zero(&owner->ref))
		owner = NULL;
	rcu_read_unlock();
	if (owner)
		owner->hits++; // ok: rcu-misuse
	return owner;
}

/* Its callers may be in a section. */
static int hub_owner_hits(struct hub *hub)
{
	struct client *owner = rcu_dereference(hub->owner); // ok: rcu-misuse

	return owner ? owner->hits : 0;
}

static void hub_drop(struct hub *hub, int id)
{
	struct client *client, *next;

	mutex_lock(&hub->lock);
	list_for_each_entry_safe(client, next, &hub->clients, node) {
		if (client->id != id)
			continue;
		list_del_rcu(&client->node); // related: rcu-misuse "list_del_rcu() takes it off the list here, but not away from readers"
		kfree(client); // error: rcu-misuse "kfree() frees what readers may still look at"
	}
	mutex_unlock(&hub->lock);
}

static void hub_drop_later(struct hub *hub, struct client *client)
{
	mutex_lock(&hub->lock);
	list_del_rcu(&client->node);
	mutex_unlock(&hub->lock);
	kfree_rcu(client, rcu); // ok: rcu-misuse
}

static void hub_drop_and_wait(struct hub *hub, struct client *client)
{
	mutex_lock(&hub->lock);
	list_del_rcu(&client->node);
	mutex_unlock(&hub->lock);
	synchronize_rcu();
	kfree(client); // ok: rcu-misuse
}

int hub_exercise(struct hub *hub, int id)
{
	int sum;

	INIT_WORK(&hub->work, hub_work);
	rcu_read_lock();
	sum = hub_owner_hits(hub);
	rcu_read_unlock();
	hub_drop(hub, id);
	hub_drop_later(hub, hub_owner_get(hub));
	hub_drop_and_wait(hub, hub_owner_get(hub));
	return sum + hub_owner_id(hub) + (hub_fops.owner == THIS_MODULE);
}

MODULE_DESCRIPTION("Hub");
MODULE_LICENSE("GPL");
