// fixture: findings that comments allow, and comments that allow nothing.
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
	/* driverlab: allow sleep-in-atomic -- runs before the second CPU is up */ // ok: unused-suppression
	usleep_range(10, 20);
	msleep(1); /* driverlab: allow sleep-in-atomic -- runs before the second CPU is up */ // ok: unused-suppression
	// driverlab: allow sleep-in-atomic -- the statement after it counts as one, however many lines it takes
	q->left =
		msleep_interruptible(q->delay); // ok: unused-suppression
	spin_unlock(&q->lock);
}

static void queue_stale(struct queue *q)
{
	/* driverlab: allow sleep-in-atomic -- the lock was dropped */ // information: unused-suppression "sleep-in-atomic reports nothing here"
	usleep_range(10, 20);
	spin_lock(&q->lock);
	/* driverlab: allow double-lock, sleep-in-atomic -- one of two */ // information: unused-suppression "double-lock reports nothing here"
	msleep(1);
	/* driverlab: allow sleep-in-atomic, double-lock -- the other of two */ // information: unused-suppression "double-lock reports nothing here"
	msleep(1);
	spin_unlock(&q->lock);
	mutex_lock(&q->config); /* driverlab: allow double-lock -- never held here */ // information: unused-suppression
	mutex_unlock(&q->config);
}

/* driverlab: allow sleep-in-atomic -- of a function it governs the head only */ // information: unused-suppression
static void queue_outside(struct queue *q)
{
	/* driverlab: allow large-stak -- no such rule */ // information: unused-suppression "there is no rule `large-stak`"
	u32 few[4];

	/* driverlab: allow sleep-in-atomic */ // information: unused-suppression "without a reason: write `/* driverlab: allow sleep-in-atomic -- why"
	queue_allowed(q);
	/* driverlab: sleep-in-atomic -- a word is missing */ // information: unused-suppression "not understood"
	queue_stale(q);
}
