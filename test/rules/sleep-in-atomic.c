// fixture: calls that may sleep, made under spinlocks, with interrupts off, and in interrupt, timer and tasklet functions.
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define SAMPLES 64

struct sampler {
	void __iomem *regs;
	unsigned int pace;
	spinlock_t lock;
	struct mutex config;
	struct timer_list timer;
	struct tasklet_struct tasklet;
	struct work_struct work;
	struct completion done;
	wait_queue_head_t wait;
	bool ready;
	bool shared;
	int irq;
	u32 rate;
	u32 *samples;
};

static void sampler_resize(struct sampler *s, size_t count)
{
	unsigned long flags;
	u32 *samples;

	spin_lock_irqsave(&s->lock, flags); // related: sleep-in-atomic "`s->lock` taken here"
	samples = krealloc_array(s->samples, count, sizeof(*samples), GFP_KERNEL); // error: sleep-in-atomic "with GFP_KERNEL may sleep, but `s->lock` (spinlock) is held"
	if (samples)
		s->samples = samples;
	spin_unlock_irqrestore(&s->lock, flags);
}

static void sampler_fill(struct sampler *s)
{
	if (!s->samples)
		s->samples = kcalloc(SAMPLES, sizeof(*s->samples), GFP_KERNEL); // error: sleep-in-atomic "kcalloc() with GFP_KERNEL may sleep, but `s->lock` (spinlock) is held"
}

static void sampler_start(struct sampler *s)
{
	spin_lock(&s->lock); // related: sleep-in-atomic "`s->lock` taken here"
	sampler_fill(s); // related: sleep-in-atomic "sampler_fill() called here"
	s->ready = true;
	spin_unlock(&s->lock);
}

static irqreturn_t sampler_irq(int irq, void *data)
{
	struct sampler *s = data;

	msleep(20); // error: sleep-in-atomic "msleep() may sleep, but sampler_irq() runs in hardirq context"
	complete(&s->done);
	return IRQ_HANDLED;
}

static irqreturn_t sampler_quick_irq(int irq, void *data)
{
	struct sampler *s = data;

	mdelay(1); // ok: sleep-in-atomic
	wake_up(&s->wait); // ok: sleep-in-atomic
	schedule_work(&s->work); // ok: sleep-in-atomic
	return IRQ_WAKE_THREAD;
}

static irqreturn_t sampler_irq_thread(int irq, void *data)
{
	struct sampler *s = data;

	mutex_lock(&s->config); // ok: sleep-in-atomic
	usleep_range(1000, 2000); // ok: sleep-in-atomic
	mutex_unlock(&s->config);
	return IRQ_HANDLED;
}

static void sampler_timer(struct timer_list *t)
{
	struct sampler *s = container_of(t, struct sampler, timer);

	mutex_lock(&s->config); // error: sleep-in-atomic "mutex_lock() may sleep, but sampler_timer() runs in softirq context"
	s->rate++;
	mutex_unlock(&s->config);
}

static void sampler_tasklet(struct tasklet_struct *t)
{
	struct sampler *s = from_tasklet(s, t, tasklet);

	wait_for_completion(&s->done); // error: sleep-in-atomic "wait_for_completion() may sleep, but sampler_tasklet() runs in softirq context"
}

static void sampler_work(struct work_struct *work)
{
	struct sampler *s = container_of(work, struct sampler, work);

	mutex_lock(&s->config); // ok: sleep-in-atomic
	msleep(s->rate); // ok: sleep-in-atomic
	mutex_unlock(&s->config);
}

static ssize_t sampler_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct sampler *s = file->private_data;
	ssize_t ret = sizeof(s->rate);

	spin_lock(&s->lock);
	if (count < sizeof(s->rate) || copy_to_user(buf, &s->rate, sizeof(s->rate))) // error: sleep-in-atomic "copy_to_user() may sleep, but `s->lock` (spinlock) is held"
		ret = -EFAULT;
	spin_unlock(&s->lock);
	return ret;
}

static ssize_t sampler_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct sampler *s = file->private_data;
	u32 rate;

	if (count < sizeof(rate) || copy_from_user(&rate, buf, sizeof(rate))) // ok: sleep-in-atomic
		return -EFAULT;

	spin_lock_irq(&s->lock);
	s->rate = rate;
	spin_unlock_irq(&s->lock);
	return sizeof(rate);
}

static void sampler_quiet(struct sampler *s)
{
	local_irq_disable();
	usleep_range(10, 20); // error: sleep-in-atomic "usleep_range() may sleep"
	s->ready = false;
	local_irq_enable();
}

static void sampler_grace(struct sampler *s)
{
	rcu_read_lock();
	s->ready = false;
	synchronize_rcu(); // error: sleep-in-atomic "synchronize_rcu() may sleep"
	rcu_read_unlock();
}

static void sampler_cancel(struct sampler *s)
{
	spin_lock_bh(&s->lock);
	cancel_work_sync(&s->work); // error: sleep-in-atomic "cancel_work_sync() may sleep, but `s->lock` (spinlock) is held"
	spin_unlock_bh(&s->lock);
}

static void sampler_maybe(struct sampler *s, bool wait)
{
	spin_lock(&s->lock);
	if (wait) {
		s->ready = false;
		wait_event(s->wait, s->ready); // error: sleep-in-atomic "wait_event() may sleep, but `s->lock` (spinlock) is held"
	}
	spin_unlock(&s->lock);
}

static void sampler_guarded(struct sampler *s)
{
	guard(spinlock)(&s->lock);
	s->rate = 0;
	msleep(1); // error: sleep-in-atomic "msleep() may sleep, but `s->lock` (spinlock) is held"
}

static void sampler_scoped(struct sampler *s)
{
	scoped_guard(spinlock, &s->lock) {
		s->rate = 0;
	}
	msleep(1); // ok: sleep-in-atomic
}

static int sampler_atomic(struct sampler *s)
{
	u32 *samples;

	spin_lock(&s->lock);
	samples = kcalloc(SAMPLES, sizeof(*samples), GFP_ATOMIC); // ok: sleep-in-atomic
	if (!samples) {
		spin_unlock(&s->lock);
		msleep(20); // ok: sleep-in-atomic
		return -ENOMEM;
	}
	kfree(s->samples); // ok: sleep-in-atomic
	s->samples = samples;
	spin_unlock(&s->lock);

	flush_work(&s->work); // ok: sleep-in-atomic
	return 0;
}

static u32 *sampler_alloc(gfp_t gfp)
{
	return kcalloc(SAMPLES, sizeof(u32), gfp); // ok: sleep-in-atomic
}

static void sampler_swap(struct sampler *s)
{
	u32 *first = sampler_alloc(GFP_KERNEL); // ok: sleep-in-atomic
	u32 *second;

	spin_lock(&s->lock);
	second = sampler_alloc(GFP_ATOMIC); // ok: sleep-in-atomic
	swap(s->samples, second);
	spin_unlock(&s->lock);
	kfree(first);
	kfree(second);
}

static void sampler_drop_and_retake(struct sampler *s)
{
	u32 *samples;

	spin_lock(&s->lock);
	while (!s->samples) {
		spin_unlock(&s->lock);
		samples = kcalloc(SAMPLES, sizeof(*samples), GFP_KERNEL); // ok: sleep-in-atomic
		spin_lock(&s->lock);
		if (s->samples)
			kfree(samples);
		else
			s->samples = samples;
	}
	spin_unlock(&s->lock);
}

static bool sampler_try(struct sampler *s)
{
	if (!spin_trylock(&s->lock)) {
		msleep(1); // ok: sleep-in-atomic
		return false;
	}
	s->rate++;
	spin_unlock(&s->lock);
	return true;
}

static void sampler_if_shared(struct sampler *s)
{
	bool shared = s->shared;

	if (shared)
		spin_lock(&s->lock);
	s->rate++;
	if (shared)
		spin_unlock(&s->lock);
	msleep(1); // ok: sleep-in-atomic
}

static void sampler_wait_ready(struct sampler *s)
{
	spin_lock_irq(&s->lock);
	wait_event_lock_irq(s->wait, s->ready, s->lock); // ok: sleep-in-atomic
	s->ready = false;
	spin_unlock_irq(&s->lock);
}

static void sampler_settle(struct sampler *s, bool may_sleep)
{
	if (may_sleep)
		msleep(20); // ok: sleep-in-atomic
	else
		mdelay(20);
	s->ready = true;
}

static irqreturn_t sampler_shared_irq(int irq, void *data)
{
	sampler_settle(data, false);
	return IRQ_HANDLED;
}

static void sampler_reset(struct sampler *s)
{
	gfp_t gfp = in_interrupt() ? GFP_ATOMIC : GFP_KERNEL;

	kfree(s->samples);
	s->samples = kcalloc(SAMPLES, sizeof(*s->samples), gfp); // ok: sleep-in-atomic
}

static irqreturn_t sampler_reset_irq(int irq, void *data)
{
	sampler_reset(data);
	return IRQ_HANDLED;
}

static void sampler_lock(struct sampler *s)
{
	spin_lock(&s->lock);
}

static void sampler_unlock(struct sampler *s)
{
	spin_unlock(&s->lock);
}

static void sampler_wrapped(struct sampler *s)
{
	sampler_lock(s);
	s->rate++;
	msleep(1); // error: sleep-in-atomic "msleep() may sleep, but `s->lock` (spinlock) is held"
	sampler_unlock(s);
	msleep(1); // ok: sleep-in-atomic
}

static int sampler_open(struct inode *inode, struct file *file)
{
	struct sampler *s = file->private_data;

	sampler_resize(s, 2 * SAMPLES);
	sampler_start(s);
	sampler_quiet(s);
	sampler_grace(s);
	sampler_maybe(s, file->f_flags & O_NONBLOCK);
	sampler_guarded(s);
	sampler_scoped(s);
	sampler_swap(s);
	sampler_drop_and_retake(s);
	sampler_if_shared(s);
	sampler_wait_ready(s);
	sampler_settle(s, true);
	sampler_reset(s);
	sampler_wrapped(s);
	return sampler_try(s) ? sampler_atomic(s) : -EBUSY;
}

/* Nobody waits for the interrupt any more. */
static void sampler_give_up(struct sampler *s)
{
	complete(&s->done);
}

/* How long it sleeps between two reads is what its callers say. */
static int sampler_poll(struct sampler *s, unsigned int sleep_us)
{
	u32 value;

	return readl_poll_timeout(s->regs, value, value & 1, sleep_us, 100); // ok: sleep-in-atomic
}

static void sampler_calm(struct sampler *s)
{
	spin_lock(&s->lock);
	sampler_poll(s, 0); // ok: sleep-in-atomic
	sampler_poll(s, s->pace); // ok: sleep-in-atomic
	sampler_poll(s, 10); // error: sleep-in-atomic "sampler_poll() may sleep, but `s->lock` (spinlock) is held"
	spin_unlock(&s->lock);
}

static int sampler_release(struct inode *inode, struct file *file)
{
	sampler_cancel(file->private_data);
	sampler_calm(file->private_data);
	sampler_give_up(file->private_data);
	return 0;
}

const struct file_operations sampler_fops = {
	.owner = THIS_MODULE,
	.open = sampler_open,
	.release = sampler_release,
	.read = sampler_read,
	.write = sampler_write,
};

static int sampler_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct sampler *s;
	int ret;

	s = devm_kzalloc(dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;

	spin_lock_init(&s->lock);
	mutex_init(&s->config);
	init_completion(&s->done);
	init_waitqueue_head(&s->wait);
	timer_setup(&s->timer, sampler_timer, 0);
	tasklet_setup(&s->tasklet, sampler_tasklet);
	INIT_WORK(&s->work, sampler_work);

	s->irq = platform_get_irq(pdev, 0);
	if (s->irq < 0)
		return s->irq;
	ret = devm_request_irq(dev, s->irq, sampler_irq, 0, "sampler", s);
	if (ret)
		return ret;
	ret = devm_request_irq(dev, s->irq + 1, sampler_shared_irq, IRQF_SHARED, "sampler", s);
	if (ret)
		return ret;
	ret = devm_request_irq(dev, s->irq + 2, sampler_reset_irq, 0, "sampler", s);
	if (ret)
		return ret;
	return devm_request_threaded_irq(dev, s->irq + 3, sampler_quick_irq, sampler_irq_thread,
					 IRQF_ONESHOT, "sampler", s);
}

/* What gpiolib calls under its callers' locks, unless the chip says that it can sleep. */
static void sampler_gpio_set(struct gpio_chip *chip, unsigned int offset, int value)
{
	struct sampler *s = gpiochip_get_data(chip);

	mutex_lock(&s->config); // error: sleep-in-atomic "sampler_gpio_set() runs in atomic context (GPIO controller operation .set)"
	writel(value, s->regs + offset);
	mutex_unlock(&s->config);
}

const struct gpio_chip sampler_gpio = {
	.set = sampler_gpio_set,
};

/* The stack holds the lock of the state while it deletes it, and none when it frees it. */
static void sampler_state_delete(struct xfrm_state *x)
{
	msleep(1); // error: sleep-in-atomic "(IPsec offload operation .xdo_dev_state_delete)"
}

static void sampler_state_free(struct xfrm_state *x)
{
	msleep(1); // ok: sleep-in-atomic
}

const struct xfrmdev_ops sampler_xfrm = {
	.xdo_dev_state_delete = sampler_state_delete,
	.xdo_dev_state_free = sampler_state_free,
};

static struct platform_driver sampler_driver = {
	.probe = sampler_probe,
	.driver = {
		.name = "sampler",
	},
};
module_platform_driver(sampler_driver);

/* The kernel calls it under inode->i_lock, which it releases before it sleeps. */
static int sampler_drop_inode(struct inode *inode)
{
	if (inode->i_nlink)
		return 0;
	spin_unlock(&inode->i_lock);
	msleep(1); // ok: sleep-in-atomic
	spin_lock(&inode->i_lock);
	return 1;
}

const struct super_operations sampler_super_ops = {
	.drop_inode = sampler_drop_inode,
};

/* With a list to put it on, the network device is only queued. */
void sampler_unregister(struct net_device *dev, struct list_head *list)
{
	rcu_read_lock();
	unregister_netdevice_queue(dev, list); // ok: sleep-in-atomic
	rcu_read_unlock();
}

MODULE_DESCRIPTION("Sampler");
MODULE_LICENSE("GPL");
