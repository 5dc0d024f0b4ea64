// fixture: a device and its queue, each with a lock, taken in both orders.
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct queue {
	struct mutex lock;
	spinlock_t list_lock;
	struct mutex config;
	int depth;
};

struct unit {
	struct mutex lock;
	spinlock_t state_lock;
	struct mutex outer;
	struct mutex inner;
	struct mutex gate;
	struct queue queue;
	struct work_struct work;
	int state;
};

int unit_exercise(struct unit *unit);

static int unit_open(struct inode *inode, struct file *file)
{
	struct unit *unit = file->private_data;
	struct queue *queue = &unit->queue;

	mutex_lock(&unit->lock);
	mutex_lock(&queue->lock); // related: lock-order-inversion "`queue->lock` taken here under it"
	queue->depth++;
	mutex_unlock(&queue->lock);
	mutex_unlock(&unit->lock);
	return 0;
}

static int unit_depth(struct unit *unit)
{
	int depth;

	mutex_lock(&unit->lock);
	depth = unit->state;
	mutex_unlock(&unit->lock);
	return depth;
}

static void unit_work(struct work_struct *work)
{
	struct unit *unit = container_of(work, struct unit, work);
	struct queue *queue = &unit->queue;

	mutex_lock(&queue->lock); // related: lock-order-inversion "`queue->lock` taken here, in unit_work()"
	queue->depth = unit_depth(unit); // warning: lock-order-inversion "`unit->lock` is taken in unit_depth() while `queue->lock` is held, and unit_open() takes them the other way round"
	mutex_unlock(&queue->lock);

	spin_lock(&unit->state_lock);
	if (spin_trylock(&queue->list_lock)) { // ok: lock-order-inversion
		queue->depth++;
		spin_unlock(&queue->list_lock);
	}
	spin_unlock(&unit->state_lock);

	mutex_lock(&unit->gate);
	mutex_lock(&unit->outer);
	mutex_lock(&unit->inner); // ok: lock-order-inversion
	unit->state++;
	mutex_unlock(&unit->inner);
	mutex_unlock(&unit->outer);
	mutex_unlock(&unit->gate);

	mutex_lock(&unit->inner);
	mutex_lock_nested(&queue->config, SINGLE_DEPTH_NESTING); // ok: lock-order-inversion
	mutex_unlock(&queue->config);
	mutex_unlock(&unit->inner);
}

static ssize_t unit_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct unit *unit = file->private_data;
	struct queue *queue = &unit->queue;

	spin_lock(&queue->list_lock);
	spin_lock(&unit->state_lock); // ok: lock-order-inversion
	unit->state = queue->depth;
	spin_unlock(&unit->state_lock);
	spin_unlock(&queue->list_lock);

	/* The gate keeps the worker out. */
	mutex_lock(&unit->gate);
	mutex_lock(&unit->inner);
	mutex_lock(&unit->outer); // ok: lock-order-inversion
	unit->state--;
	mutex_unlock(&unit->outer);
	mutex_unlock(&unit->inner);
	mutex_unlock(&unit->gate);

	mutex_lock(&queue->config);
	mutex_lock(&unit->inner);
	mutex_unlock(&unit->inner);
	mutex_unlock(&queue->config);
	return 0;
}

static const struct file_operations unit_fops = {
	.owner = THIS_MODULE,
	.open = unit_open,
	.read = unit_read,
};

int unit_exercise(struct unit *unit)
{
	INIT_WORK(&unit->work, unit_work);
	return unit_fops.owner == THIS_MODULE;
}

MODULE_DESCRIPTION("Unit");
MODULE_LICENSE("GPL");
