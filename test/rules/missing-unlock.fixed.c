// fixture: the queue, with every lock released on every path.
#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/seq_file.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct job {
	struct list_head node;
	u32 id;
	bool done;
};

struct queue {
	struct mutex config;
	spinlock_t lock;
	struct rw_semaphore map;
	struct list_head jobs;
	unsigned int length;
	unsigned int limit;
	bool stopped;
	bool shared;
};

/* What the rest of the module calls. */
struct queue_ops {
	int (*set_limit)(struct queue *q, unsigned int limit);
	int (*add)(struct queue *q, struct job *job);
	int (*remove)(struct queue *q, u32 id);
	int (*start)(struct queue *q);
	int (*poll)(struct queue *q);
	int (*count_done)(struct queue *q);
	int (*stop)(struct queue *q);
	int (*drain)(struct queue *q);
	int (*resize)(struct queue *q, unsigned int limit);
	bool (*is_empty)(struct queue *q);
	void (*account)(struct queue *q);
	int (*touch)(struct queue *q);
	int (*thread)(void *data);
};

static int queue_set_limit(struct queue *q, unsigned int limit)
{
	mutex_lock(&q->config);
	if (limit < q->length) {
		mutex_unlock(&q->config);
		return -EBUSY;
	}
	q->limit = limit;
	mutex_unlock(&q->config);
	return 0;
}

static int queue_add(struct queue *q, struct job *job)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	if (q->stopped) {
		spin_unlock_irqrestore(&q->lock, flags);
		return -ESHUTDOWN;
	}
	if (q->length == q->limit) {
		spin_unlock_irqrestore(&q->lock, flags);
		return -ENOSPC;
	}
	list_add_tail(&job->node, &q->jobs);
	q->length++;
	spin_unlock_irqrestore(&q->lock, flags);
	return 0;
}

static int queue_remove(struct queue *q, u32 id)
{
	struct job *job, *next;
	int ret = 0;

	down_write(&q->map);
	list_for_each_entry_safe(job, next, &q->jobs, node) {
		if (job->id != id)
			continue;
		if (!job->done) {
			ret = -EBUSY;
			break;
		}
		list_del(&job->node);
		kfree(job);
	}
	up_write(&q->map);
	return ret;
}

static int queue_start(struct queue *q)
{
	int ret = 0;

	if (mutex_lock_interruptible(&q->config))
		return -ERESTARTSYS;
	if (!q->stopped) {
		ret = -EBUSY;
		goto out;
	}
	q->stopped = false;
out:
	mutex_unlock(&q->config);
	return ret;
}

static int queue_poll(struct queue *q)
{
	if (!spin_trylock(&q->lock))
		return -EAGAIN;
	switch (q->length) {
	case 0:
		spin_unlock(&q->lock);
		return -ENODATA;
	default:
		q->length--;
	}
	spin_unlock(&q->lock);
	return 0;
}

static int queue_count_done(struct queue *q)
{
	int count = 0;
	struct job *job;

	rcu_read_lock();
	if (q->stopped) {
		rcu_read_unlock();
		return -ESHUTDOWN;
	}
	list_for_each_entry_rcu(job, &q->jobs, node) {
		if (!job->done)
			continue;
		count++;
	}
	rcu_read_unlock();
	return count;
}

static int queue_stop(struct queue *q)
{
	int ret = -EALREADY;

	mutex_lock(&q->config);
	if (q->stopped)
		goto out_unlock;
	if (q->length) {
		ret = -EBUSY;
		goto out_unlock;
	}
	q->stopped = true;
	ret = 0;
out_unlock:
	mutex_unlock(&q->config);
	return ret;
}

static int queue_drain(struct queue *q)
{
	struct job *job, *next;

	list_for_each_entry_safe(job, next, &q->jobs, node) {
		spin_lock(&q->lock);
		if (!job->done) {
			spin_unlock(&q->lock);
			continue;
		}
		list_del(&job->node);
		spin_unlock(&q->lock);
		kfree(job);
	}
	return 0;
}

static int queue_resize(struct queue *q, unsigned int limit)
{
	guard(mutex)(&q->config);
	if (limit < q->length)
		return -EBUSY;
	q->limit = limit;
	return 0;
}

static bool queue_is_empty(struct queue *q)
{
	scoped_guard(spinlock_irqsave, &q->lock) {
		if (q->length)
			return false;
	}
	return true;
}

static void queue_account(struct queue *q)
{
	bool shared = q->shared;

	if (shared)
		spin_lock(&q->lock);
	q->length++;
	if (shared)
		spin_unlock(&q->lock);
}

static void queue_lock(struct queue *q)
	__acquires(&q->lock)
{
	spin_lock(&q->lock);
}

static void queue_unlock(struct queue *q)
	__releases(&q->lock)
{
	spin_unlock(&q->lock);
}

static void queue_lock_all(struct queue *q)
{
	mutex_lock(&q->config);
	spin_lock(&q->lock);
}

static void queue_unlock_all(struct queue *q)
{
	spin_unlock(&q->lock);
	mutex_unlock(&q->config);
}

static bool queue_try_lock(struct queue *q)
{
	if (!mutex_trylock(&q->config))
		return false;
	if (q->stopped) {
		mutex_unlock(&q->config);
		return false;
	}
	return true;
}

static int queue_touch(struct queue *q)
{
	queue_lock(q);
	q->length++;
	if (q->length > q->limit) {
		queue_unlock(q);
		return -ENOSPC;
	}
	queue_unlock(q);

	if (!queue_try_lock(q))
		return -EBUSY;
	q->limit++;
	mutex_unlock(&q->config);

	queue_lock_all(q);
	q->length = 0;
	queue_unlock_all(q);
	return 0;
}

static void *queue_seq_start(struct seq_file *m, loff_t *pos)
{
	struct queue *q = m->private;

	mutex_lock(&q->config);
	return seq_list_start(&q->jobs, *pos);
}

static void *queue_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct queue *q = m->private;

	return seq_list_next(v, &q->jobs, pos);
}

static void queue_seq_stop(struct seq_file *m, void *v)
{
	struct queue *q = m->private;

	mutex_unlock(&q->config);
}

static int queue_seq_show(struct seq_file *m, void *v)
{
	struct job *job = list_entry(v, struct job, node);

	seq_printf(m, "%u\n", job->id);
	return 0;
}

const struct seq_operations queue_seq_ops = {
	.start = queue_seq_start,
	.next = queue_seq_next,
	.stop = queue_seq_stop,
	.show = queue_seq_show,
};

static int queue_thread(void *data)
{
	struct queue *q = data;

	for (;;) {
		mutex_lock(&q->config);
		if (kthread_should_stop())
			break;
		q->length = 0;
		mutex_unlock(&q->config);
		msleep(100);
	}
	mutex_unlock(&q->config);
	return 0;
}

const struct queue_ops queue_ops = {
	.set_limit = queue_set_limit,
	.add = queue_add,
	.remove = queue_remove,
	.start = queue_start,
	.poll = queue_poll,
	.count_done = queue_count_done,
	.stop = queue_stop,
	.drain = queue_drain,
	.resize = queue_resize,
	.is_empty = queue_is_empty,
	.account = queue_account,
	.touch = queue_touch,
	.thread = queue_thread,
};

/* Every queue stays locked until all of them could be stopped. */
int queue_suspend_all(struct queue **queues, int count)
{
	struct queue *q;
	int i;

	for (i = 0; i < count; i++) {
		q = queues[i];
		mutex_lock(&q->config);
		if (q->limit)
			goto out;
		mutex_unlock(&q->config);
	}
	return 0;

out:
	for (; i >= 0; i--) {
		q = queues[i];
		mutex_unlock(&q->config);
	}
	return -EBUSY;
}

/* Whoever took the lock of an object has the object. */
int queue_limit_of(struct queue *q, int *limit)
{
	mutex_lock(&q->config);
	*limit = q->limit;
	if (q)
		mutex_unlock(&q->config);
	return *limit ? 0 : -ENODEV;
}

struct gate {
	struct semaphore sem;
	bool open;
};

/* Runs when what gate_start() began is done. */
void gate_done(struct gate *g)
{
	g->open = true;
	up(&g->sem);
}

bool gate_start(struct gate *g, bool wait)
{
	if (down_interruptible(&g->sem))
		return false;
	if (wait)
		return true; // ok: missing-unlock
	up(&g->sem);
	return true;
}

bool gate_read(struct gate *g)
{
	if (down_interruptible(&g->sem))
		return false;
	if (!g->open) {
		up(&g->sem);
		return false;
	}
	up(&g->sem);
	return true;
}

/* The lock is held exactly when the flag is set. */
int queue_grow(struct queue *q, int tries)
{
	gfp_t gfp = GFP_NOWAIT | __GFP_NOWARN;
	void *p;

retry:
	if (gfp & __GFP_DIRECT_RECLAIM)
		mutex_lock(&q->config);
	p = kmalloc(8, gfp);
	if (!p && tries) {
		gfp |= __GFP_DIRECT_RECLAIM;
		tries = 0;
		goto retry;
	}
	if (gfp & __GFP_DIRECT_RECLAIM)
		mutex_unlock(&q->config);
	kfree(p);
	return 0; // ok: missing-unlock
}

/* What is behind these two is not there to be read. */
void queue_hw_lock(struct queue *q);
void queue_hw_unlock(struct queue *q);
int queue_hw_trylock(struct queue *q);

int queue_flush_hw(struct queue *q)
{
	queue_hw_lock(q);
	if (!q->limit)
		goto unlock;
	q->limit = 0;
unlock:
	queue_hw_unlock(q);
	return 0;
}

int queue_try_hw(struct queue *q)
{
	if (!queue_hw_trylock(q))
		return -EBUSY; // ok: missing-unlock
	q->limit = 0;
	queue_hw_unlock(q);
	return 0;
}

struct queue_clock {
	seqlock_t seq;
	u64 seconds;
};

int queue_clock_set(struct queue_clock *c, u64 seconds)
{
	if (!seconds)
		return -EINVAL;
	write_seqlock(&c->seq);
	c->seconds = seconds;
	write_sequnlock(&c->seq);
	return 0;
}

static DEFINE_PER_CPU(int, queue_slots);

int queue_count(void)
{
	int *slot = get_cpu_ptr(&queue_slots);
	int ret = 0;

	if (*slot > 3)
		ret = -EBUSY;
	else
		*slot += 1;
	put_cpu_ptr(&queue_slots);
	return ret;
}

int queue_kick(struct queue *q)
{
	unsigned long flags;

	local_irq_save(flags);
	if (!q->limit) {
		local_irq_restore(flags);
		return -ENODEV;
	}
	q->limit = 0;
	local_irq_restore(flags);
	return 0;
}

/* Switched on by a function of its own. */
static void queue_irq_on(struct queue *q)
{
	q->limit = 1;
	local_irq_enable();
}

int queue_poll_irq(struct queue *q)
{
	local_irq_disable();
	if (q->limit) {
		queue_irq_on(q);
		return 0; // ok: missing-unlock
	}
	local_irq_enable();
	return -EAGAIN;
}

/* Whoever gets the slot stays on this CPU until it is put. */
static int *queue_slot(void)
{
	int *slot = get_cpu_ptr(&queue_slots);

	if (*slot < 0) {
		put_cpu_ptr(&queue_slots);
		return NULL;
	}
	return slot; // ok: missing-unlock
}

int queue_use_slot(void)
{
	int *slot = queue_slot();

	if (!slot)
		return -EBUSY;
	*slot += 1;
	put_cpu_ptr(&queue_slots);
	return 0;
}

struct queue_log {
	struct mutex log_mutex;
	int lines;
};

void queue_log_line(struct queue_log *log)
{
	mutex_lock(&log->log_mutex);
	log->lines++;
	mutex_unlock(&log->log_mutex);
}

int queue_log_lines(struct queue_log *log)
{
	int lines;

	mutex_lock(&log->log_mutex);
	lines = log->lines;
	mutex_unlock(&log->log_mutex);
	return lines;
}

MODULE_DESCRIPTION("Queue");
MODULE_LICENSE("GPL");
