// fixture: every comment allows a finding.
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

struct queue {
	spinlock_t lock;
	struct mutex config;
	unsigned int delay;
	unsigned long left;
};

static void queue_allowed(struct queue *q)
{
	spin_lock(&q->lock);
	/* driverlab: allow sleep-in-atomic -- runs before the second CPU is up */
	usleep_range(10, 20);
	msleep(1); /* driverlab: allow sleep-in-atomic -- runs before the second CPU is up */
	// driverlab: allow sleep-in-atomic -- the statement after it counts as one, however many lines it takes
	q->left =
		msleep_interruptible(q->delay);
	spin_unlock(&q->lock);
}

static void queue_grow(struct queue *q)
{
	usleep_range(10, 20);
	mutex_lock(&q->config);
	mutex_unlock(&q->config);
}
