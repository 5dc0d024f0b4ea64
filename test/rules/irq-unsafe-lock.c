// fixture: locks that an interrupt can ask for while the code it interrupted holds them.
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/gpio/driver.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/timer.h>
#include <linux/usb.h>
#include <linux/workqueue.h>

#define PUMP_STATUS 0x04

struct pump {
	void __iomem *regs;
	spinlock_t lock;	/* shared with the interrupt handler */
	spinlock_t stats_lock;	/* shared with the timer */
	spinlock_t queue_lock;	/* process context only */
	struct timer_list timer;
	struct work_struct work;
	u32 status;
	u32 ticks;
	u32 queued;
};

static irqreturn_t pump_irq(int irq, void *data)
{
	struct pump *p = data;

	spin_lock(&p->lock); // ok: irq-unsafe-lock
	p->status = readl(p->regs + PUMP_STATUS);
	spin_unlock(&p->lock);
	return IRQ_WAKE_THREAD;
}

static void pump_account(struct pump *p)
{
	spin_lock(&p->lock); // warning: irq-unsafe-lock "`p->lock` is also taken by pump_irq() in hardirq context"
	p->queued++;
	spin_unlock(&p->lock);
}

static irqreturn_t pump_irq_thread(int irq, void *data)
{
	struct pump *p = data;

	spin_lock_irq(&p->lock); // ok: irq-unsafe-lock
	p->status = 0;
	spin_unlock_irq(&p->lock);
	pump_account(p);
	return IRQ_HANDLED;
}

static void pump_timer(struct timer_list *t)
{
	struct pump *p = container_of(t, struct pump, timer);

	spin_lock(&p->stats_lock); // ok: irq-unsafe-lock
	p->ticks++;
	spin_unlock(&p->stats_lock);

	spin_lock(&p->lock); // warning: irq-unsafe-lock "`p->lock` is also taken by pump_irq() in hardirq context"
	p->status = 0;
	spin_unlock(&p->lock);
}

static void pump_work(struct work_struct *work)
{
	struct pump *p = container_of(work, struct pump, work);

	spin_lock(&p->stats_lock); // warning: irq-unsafe-lock "`p->stats_lock` is also taken by pump_timer() in softirq context"
	p->ticks = 0;
	spin_unlock(&p->stats_lock);
}

static u32 pump_status(struct pump *p)
{
	unsigned long flags;
	u32 status;

	spin_lock_irqsave(&p->lock, flags); // ok: irq-unsafe-lock
	status = p->status;
	spin_unlock_irqrestore(&p->lock, flags);
	return status;
}

static u32 pump_ticks(struct pump *p)
{
	u32 ticks;

	spin_lock_bh(&p->stats_lock); // ok: irq-unsafe-lock
	ticks = p->ticks;
	spin_unlock_bh(&p->stats_lock);
	return ticks;
}

static void pump_quiet(struct pump *p)
{
	local_irq_disable();
	spin_lock(&p->lock); // ok: irq-unsafe-lock
	p->status = 0;
	spin_unlock(&p->lock);
	local_irq_enable();
}

static void pump_nested(struct pump *p)
{
	unsigned long flags;

	spin_lock_irqsave(&p->queue_lock, flags);
	spin_lock(&p->lock); // ok: irq-unsafe-lock
	p->queued = p->status;
	spin_unlock(&p->lock);
	spin_unlock_irqrestore(&p->queue_lock, flags);
}

static void __pump_clear(struct pump *p)
{
	spin_lock(&p->lock); // ok: irq-unsafe-lock
	p->status = 0;
	spin_unlock(&p->lock);
}

static void pump_clear(struct pump *p)
{
	unsigned long flags;

	local_irq_save(flags);
	__pump_clear(p);
	local_irq_restore(flags);
}

static void pump_enqueue(struct pump *p)
{
	spin_lock(&p->queue_lock); // ok: irq-unsafe-lock
	p->queued++;
	spin_unlock(&p->queue_lock);
}

static ssize_t pump_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct pump *p = file->private_data;

	pump_quiet(p);
	pump_nested(p);
	pump_clear(p);
	pump_enqueue(p);
	return pump_status(p) + pump_ticks(p);
}

static ssize_t pump_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct pump *p = file->private_data;

	spin_lock(&p->lock); // warning: irq-unsafe-lock "take it here with interrupts disabled"
	p->status |= 1;
	spin_unlock(&p->lock);
	return count;
}

const struct file_operations pump_fops = {
	.owner = THIS_MODULE,
	.read = pump_read,
	.write = pump_write,
};

static ssize_t queued_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pump *p = dev_get_drvdata(dev);
	u32 queued;

	spin_lock(&p->lock); // warning: irq-unsafe-lock "`p->lock` is also taken by pump_irq() in hardirq context"
	queued = p->queued;
	spin_unlock(&p->lock);
	return sysfs_emit(buf, "%u\n", queued);
}
static DEVICE_ATTR_RO(queued);

static struct attribute *pump_attrs[] = {
	&dev_attr_queued.attr,
	NULL
};
ATTRIBUTE_GROUPS(pump);

static int pump_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct pump *p;
	int irq;

	p = devm_kzalloc(dev, sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;

	spin_lock_init(&p->lock);
	spin_lock_init(&p->stats_lock);
	spin_lock_init(&p->queue_lock);
	timer_setup(&p->timer, pump_timer, 0);
	INIT_WORK(&p->work, pump_work);
	platform_set_drvdata(pdev, p);

	p->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(p->regs))
		return PTR_ERR(p->regs);

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	return devm_request_threaded_irq(dev, irq, pump_irq, pump_irq_thread, IRQF_ONESHOT, "pump", p);
}

static void pump_remove(struct platform_device *pdev)
{
	struct pump *p = platform_get_drvdata(pdev);

	timer_delete_sync(&p->timer);
	cancel_work_sync(&p->work);
}

static struct platform_driver pump_driver = {
	.probe = pump_probe,
	.remove = pump_remove,
	.driver = {
		.name = "pump",
		.dev_groups = pump_groups,
	},
};
module_platform_driver(pump_driver);

MODULE_DESCRIPTION("Pump");

struct valve {
	spinlock_t lock;
	u32 opened;
};

static irqreturn_t valve_irq(int irq, void *data)
{
	struct valve *v = data;

	spin_lock(&v->lock); // ok: irq-unsafe-lock
	v->opened++;
	spin_unlock(&v->lock);
	return IRQ_HANDLED;
}

struct valve_kind {
	irq_handler_t handler;
};

const struct valve_kind valve_kind = { .handler = valve_irq };

int valve_start(struct device *dev, struct valve *v, const struct valve_kind *kind, int irq)
{
	return devm_request_irq(dev, irq, kind->handler, 0, "valve", v);
}

/* Nobody here calls it, but it sleeps. */
void *valve_open(struct valve *v)
{
	void *log = kmalloc(64, GFP_KERNEL); // related: irq-unsafe-lock "valve_open() may sleep in kmalloc(), so that it runs with interrupts enabled"

	spin_lock(&v->lock); // warning: irq-unsafe-lock "`v->lock` is also taken by valve_irq() in hardirq context: take it here with interrupts disabled"
	v->opened = 0;
	spin_unlock(&v->lock);
	return log;
}

void valve_poll(struct valve *v)
{
	spin_lock(&v->lock); // ok: irq-unsafe-lock
	v->opened = 0;
	spin_unlock(&v->lock);
}

struct pedal {
	spinlock_t lock;
	struct timer_list timer;
	u32 steps;
};

/* No header says what a struct machine holds. */
static void pedal_timer(struct timer_list *t)
{
	struct machine *machine = container_of(t, struct machine, pedal.timer);
	unsigned long flags;

	spin_lock_irqsave(&machine->pedal.lock, flags); // ok: irq-unsafe-lock
	machine->pedal.steps++;
	spin_unlock_irqrestore(&machine->pedal.lock, flags);
}

static int pedal_flush(struct file *file, fl_owner_t id)
{
	struct machine *machine = file->private_data;
	struct pedal *pedal = &machine->pedal;
	u32 steps;

	timer_setup(&pedal->timer, pedal_timer, 0);
	spin_lock(&pedal->lock); // warning: irq-unsafe-lock "`pedal->lock` is also taken by pedal_timer() in softirq context"
	steps = pedal->steps;
	spin_unlock(&pedal->lock);
	return steps != 0;
}

const struct file_operations pedal_fops = {
	.owner = THIS_MODULE,
	.flush = pedal_flush,
};

MODULE_LICENSE("GPL");

/* In hard interrupt or softirq context, as the host controller has it. */
struct pipe {
	spinlock_t lock;
	spinlock_t state_lock;
	struct urb *urb;
	u32 done;
};

static void pipe_complete(struct urb *urb)
{
	struct pipe *p = urb->context;
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags); // related: irq-unsafe-lock "`p->lock` taken here in atomic context"
	p->done++;
	spin_unlock_irqrestore(&p->lock, flags);

	spin_lock_irqsave(&p->state_lock, flags);
	p->done++;
	spin_unlock_irqrestore(&p->state_lock, flags);
}

static int pipe_flush(struct file *file, fl_owner_t id)
{
	struct pipe *p = file->private_data;

	spin_lock(&p->lock); // warning: irq-unsafe-lock "`p->lock` is also taken by pipe_complete() in atomic context: take it here with interrupts disabled"
	p->done = 0;
	spin_unlock(&p->lock);

	/* Enough where completions are left to a tasklet. */
	spin_lock_bh(&p->state_lock); // ok: irq-unsafe-lock
	p->done = 0;
	spin_unlock_bh(&p->state_lock);
	return 0;
}

static int pipe_open(struct inode *inode, struct file *file)
{
	struct pipe *p = file->private_data;

	p->urb->complete = pipe_complete;
	return usb_submit_urb(p->urb, GFP_KERNEL);
}

const struct file_operations pipe_fops = {
	.owner = THIS_MODULE,
	.open = pipe_open,
	.flush = pipe_flush,
};

/* Takes its lock as one that runs in softirq context. */
struct ticker {
	spinlock_t lock;
	spinlock_t pins;
	struct hrtimer timer;
	u32 ticks;
};

static enum hrtimer_restart ticker_tick(struct hrtimer *timer)
{
	struct ticker *t = container_of(timer, struct ticker, timer);

	spin_lock_bh(&t->lock);
	t->ticks++;
	spin_unlock_bh(&t->lock);
	return HRTIMER_NORESTART;
}

static int ticker_open(struct inode *inode, struct file *file)
{
	struct ticker *t = file->private_data;

	t->timer.function = ticker_tick;
	return 0;
}

static int ticker_flush(struct file *file, fl_owner_t id)
{
	struct ticker *t = file->private_data;

	spin_lock_bh(&t->lock); // ok: irq-unsafe-lock
	t->ticks = 0;
	spin_unlock_bh(&t->lock);
	return 0;
}

/* Chained: the parent's interrupt calls it. */
static void ticker_chained(struct irq_desc *desc)
{
	struct ticker *t = irq_desc_get_handler_data(desc);

	spin_lock(&t->pins);
	t->ticks++;
	spin_unlock(&t->pins);
}

static long ticker_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ticker *t = file->private_data;

	spin_lock(&t->pins); // warning: irq-unsafe-lock "ticker_chained() in hardirq context"
	t->ticks = 0;
	spin_unlock(&t->pins);
	return 0;
}

void ticker_chain(struct gpio_irq_chip *girq)
{
	girq->parent_handler = ticker_chained;
}

const struct file_operations ticker_fops = {
	.owner = THIS_MODULE,
	.open = ticker_open,
	.unlocked_ioctl = ticker_ioctl,
	.flush = ticker_flush,
};
