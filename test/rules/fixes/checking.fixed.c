// Results that nobody looks at, loops that never end, data that is freed too early, and locks that an interrupt takes too.
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/regulator/consumer.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#define STATUS 0x04
#define READY BIT(0)

struct valve {
	void __iomem *regs;
	struct regulator *supply;
	struct completion opened;
	struct work_struct report;
	struct list_head jobs;
	spinlock_t lock;
	u32 *table;
	u32 state;
	u32 limit;
};

struct job {
	struct list_head node;
	u32 id;
};

long valve_read(struct valve *v, void __user *to);
int valve_set(struct valve *v, const void __user *from);
int valve_wake(struct valve *v);
int valve_open(struct valve *v);
int valve_table(struct valve *v, size_t count);
int valve_class(struct valve *v);
int valve_under(struct valve *v, size_t count);
int valve_ready(struct valve *v);
int valve_settle(struct valve *v);
int valve_sum(struct valve *v);
int valve_send(struct valve *v);
int valve_twice(struct valve *v);
void valve_release(struct valve *v);
struct valve *valve_create(void);

/* fix: Check the result of copy_to_user() */
long valve_read(struct valve *v, void __user *to)
{
	u32 state = v->state;

	if (copy_to_user(to, &state, sizeof(state)))
		return -EFAULT;
	return sizeof(state);
}

/* fix: Check the result of copy_from_user() */
int valve_set(struct valve *v, const void __user *from)
{
	u32 *state;
	int ret = 0;

	state = kmalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return -ENOMEM;
	if (copy_from_user(state, from, sizeof(*state))) {
		ret = -EFAULT;
		goto err_free;
	}
	if (*state > v->limit) {
		ret = -ERANGE;
		goto err_free;
	}
	v->state = *state;

err_free:
	kfree(state);
	return ret;
}

/* There is no variable for the error yet. */
/* fix: Check the result of regulator_enable() */
int valve_wake(struct valve *v)
{
	int ret;

	ret = regulator_enable(v->supply);
	if (ret)
		return ret;
	return 0;
}

/* fix: Check the result of wait_for_completion_timeout() */
int valve_open(struct valve *v)
{
	if (v->state)
		return -EBUSY;
	if (!wait_for_completion_timeout(&v->opened, HZ))
		return -ETIMEDOUT;
	return 0;
}

/* fix: Test `v->table` after the call */
int valve_table(struct valve *v, size_t count)
{
	v->table = kcalloc(count, sizeof(*v->table), GFP_KERNEL);
	if (!v->table)
		return -ENOMEM;
	v->table[0] = 1;
	return 0;
}

/* The declarations end before the test. */
/* fix: Test `job` after the call */
int valve_class(struct valve *v)
{
	struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	u32 state = v->state;

	if (!job)
		return -ENOMEM;

	job->id = state;
	list_add(&job->node, &v->jobs);
	return 0;
}

/* What is held goes by the label. */
/* fix: Test `table` after the call */
int valve_under(struct valve *v, size_t count)
{
	struct device_node *np;
	u32 *table;
	int ret;

	np = of_find_node_by_name(NULL, "valve");
	if (!np)
		return -ENODEV;

	table = kcalloc(count, sizeof(*table), GFP_KERNEL);
	if (!table) {
		ret = -ENOMEM;
		goto err_free;
	}
	table[0] = 1;
	ret = of_property_read_u32_array(np, "table", table, count);
	if (ret)
		goto err_free;
	v->table = table;
	of_node_put(np);
	return 0;

err_free:
	kfree(table);
	of_node_put(np);
	return ret;
}

/* fix: Poll with readl_poll_timeout_atomic() */
int valve_ready(struct valve *v)
{
	u32 val;
	int ret;

	ret = readl_poll_timeout_atomic(v->regs + STATUS, val, val & READY, 1, 10000);
	if (ret)
		return ret;
	return 0;
}

/* fix: Poll with readl_poll_timeout() */
int valve_settle(struct valve *v)
{
	u32 status;
	int ret;

	ret = readl_poll_timeout(v->regs + STATUS, status, status & READY, 1000, 1000000);
	if (ret)
		return ret;
	ret = valve_send(v);
	return ret;
}

static void valve_report(struct work_struct *work)
{
	struct valve *v = container_of(work, struct valve, report);

	pr_info("valve is %u\n", v->state);
}

struct valve *valve_create(void)
{
	struct valve *v = kzalloc(sizeof(*v), GFP_KERNEL);

	if (!v)
		return NULL;
	INIT_WORK(&v->report, valve_report);
	spin_lock_init(&v->lock);
	return v;
}

static irqreturn_t valve_irq(int irq, void *data)
{
	struct valve *v = data;

	spin_lock(&v->lock);
	v->state++;
	spin_unlock(&v->lock);
	schedule_work(&v->report);
	return IRQ_HANDLED;
}

int valve_request(struct valve *v, int irq);
int valve_request(struct valve *v, int irq)
{
	return request_irq(irq, valve_irq, 0, "valve", v);
}

/* fix: Add cancel_work_sync() before kfree() */
void valve_release(struct valve *v)
{
	kfree(v->table);
	cancel_work_sync(&v->report);
	kfree(v);
}

/* Both sections are taken with interrupts off, and every unlock with them. */
/* fix: Use spin_lock_irqsave() */
static ssize_t valve_show(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	unsigned long flags;
	struct valve *v = file->private_data;
	u32 state;

	spin_lock_irqsave(&v->lock, flags);
	if (!v->state) {
		spin_unlock_irqrestore(&v->lock, flags);
		return 0;
	}
	state = v->state;
	spin_unlock_irqrestore(&v->lock, flags);

	spin_lock_irqsave(&v->lock, flags);
	v->limit = state;
	spin_unlock_irqrestore(&v->lock, flags);
	return put_user(state, (u32 __user *)to);
}

const struct file_operations valve_fops = {
	.owner = THIS_MODULE,
	.read = valve_show,
};

MODULE_DESCRIPTION("Valve");
MODULE_LICENSE("GPL");
