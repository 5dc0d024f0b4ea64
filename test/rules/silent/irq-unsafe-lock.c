// fixture: locks of an interrupt handler that are taken where it cannot strike.
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

struct ferry {
	spinlock_t all;
	spinlock_t lock;
	struct timer_list timer;
	int irq;
	int count;
};

#define ferry_lock_all(ferry, flags) \
do { \
	struct ferry *_ferry = (ferry); \
	spin_lock_irqsave(&_ferry->all, flags); \
} while (0)

static void ferry_count(struct ferry *ferry)
{
	spin_lock(&ferry->lock); // ok: irq-unsafe-lock
	ferry->count++;
	spin_unlock(&ferry->lock);
}

static void ferry_clear(struct ferry *ferry)
{
	spin_lock(&ferry->lock); // ok: irq-unsafe-lock
	ferry->count = 0;
	spin_unlock(&ferry->lock);
}

static irqreturn_t ferry_handler(int irq, void *data)
{
	ferry_count(data);
	return IRQ_HANDLED;
}

/* It is not requested yet, is given up, or a macro keeps it out. */
static int ferry_open(struct net_device *dev)
{
	struct ferry *ferry = netdev_priv(dev);
	unsigned long flags;
	int ret;

	ferry_clear(ferry);
	ret = request_irq(ferry->irq, ferry_handler, 0, "ferry", ferry);
	if (ret)
		goto err_clear;
	ferry_lock_all(ferry, flags);
	ferry_count(ferry);
	spin_unlock_irqrestore(&ferry->all, flags);
	return 0;

err_clear:
	ferry_clear(ferry);
	return ret;
}

static int ferry_stop(struct net_device *dev)
{
	struct ferry *ferry = netdev_priv(dev);

	free_irq(ferry->irq, ferry);
	return 0;
}

static const struct net_device_ops ferry_ops = {
	.ndo_open = ferry_open,
	.ndo_stop = ferry_stop,
};

struct raft {
	spinlock_t lock;
	struct timer_list timer;
	int irq;
	int count;
};

static void raft_poll(struct raft *raft)
{
	spin_lock(&raft->lock); // ok: irq-unsafe-lock
	raft->count++;
	spin_unlock(&raft->lock);
}

static irqreturn_t raft_handler(int irq, void *data)
{
	raft_poll(data);
	return IRQ_HANDLED;
}

static void raft_timer(struct timer_list *timer)
{
	struct raft *raft = container_of(timer, struct raft, timer);

	raft_poll(raft);
	mod_timer(&raft->timer, jiffies + HZ);
}

/* A timer polls where there is no interrupt. */
int raft_start(struct raft *raft)
{
	if (raft->irq > 0)
		return request_irq(raft->irq, raft_handler, 0, "raft", raft);
	else
		timer_setup(&raft->timer, raft_timer, 0);
	return 0;
}

MODULE_LICENSE("GPL");
