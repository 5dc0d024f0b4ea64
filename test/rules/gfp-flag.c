// fixture: allocation flags that do not fit the context they are used in, or one another.
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/usb.h>
#include <linux/workqueue.h>

struct tracer {
	spinlock_t lock;
	struct work_struct work;
	struct list_head events;
	struct urb *urb;
	int irq;
};

struct event {
	struct list_head node;
	u32 code;
};

struct event *tracer_event_alloc(struct tracer *t);

/* Process context today, but nothing in it says that it must be. */
static struct event *tracer_early_event(void)
{
	return kzalloc(sizeof(struct event), GFP_ATOMIC); // ok: gfp-flag
}

static int tracer_open(struct inode *inode, struct file *file)
{
	struct tracer *t;

	t = kzalloc(sizeof(*t), GFP_ATOMIC); // hint: gfp-flag "GFP_ATOMIC is not needed: tracer_open() runs in process context and no lock is held"
	if (!t)
		return -ENOMEM;

	t->urb = usb_alloc_urb(0, GFP_KERNEL);
	if (!t->urb) {
		kfree(t);
		return -ENOMEM;
	}
	file->private_data = t;
	return 0;
}

static int tracer_release(struct inode *inode, struct file *file)
{
	struct tracer *t = file->private_data;

	usb_free_urb(t->urb);
	kfree(t);
	return 0;
}

static void tracer_work(struct work_struct *work)
{
	struct tracer *t = container_of(work, struct tracer, work);
	struct event *event;

	event = kmalloc(sizeof(*event), GFP_ATOMIC); // hint: gfp-flag "GFP_ATOMIC is not needed: tracer_work() runs in process context and no lock is held"
	if (!event)
		return;

	msleep(10);
	event->code = 0;
	spin_lock_irq(&t->lock);
	list_add_tail(&event->node, &t->events);
	spin_unlock_irq(&t->lock);
}

/* Nobody here calls it, but whoever does may sleep. */
int tracer_reset(struct tracer *t)
{
	struct event *event;

	event = kzalloc(sizeof(*event), GFP_ATOMIC); // hint: gfp-flag "GFP_ATOMIC is not needed: tracer_reset() sleeps anyway in msleep() and no lock is held"
	if (!event)
		return -ENOMEM;

	msleep(1);
	kfree(event);
	return 0;
}

static int tracer_either(struct tracer *t, bool quick)
{
	struct event *event;

	if (quick) {
		event = kzalloc(sizeof(*event), GFP_ATOMIC); // ok: gfp-flag
	} else {
		msleep(1);
		event = kzalloc(sizeof(*event), GFP_KERNEL); // ok: gfp-flag
	}
	if (!event)
		return -ENOMEM;
	list_add(&event->node, &t->events);
	return 0;
}

static int tracer_mixed(struct tracer *t)
{
	struct event *event;

	event = kzalloc(sizeof(*event), GFP_KERNEL | GFP_ATOMIC); // warning: gfp-flag "GFP_KERNEL | GFP_ATOMIC"
	if (!event)
		return -ENOMEM;

	list_add(&event->node, &t->events);
	return 0;
}

static ssize_t tracer_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct tracer *t = file->private_data;
	struct event *event;

	spin_lock_irq(&t->lock);
	event = kmalloc(sizeof(*event), GFP_ATOMIC); // ok: gfp-flag
	if (event)
		list_add(&event->node, &t->events);
	spin_unlock_irq(&t->lock);
	return event ? 0 : -ENOMEM;
}

static ssize_t tracer_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct tracer *t = file->private_data;
	struct event *first, *second;

	preempt_disable();
	first = kzalloc(sizeof(*first), GFP_ATOMIC); // ok: gfp-flag
	preempt_enable();

	rcu_read_lock();
	second = kzalloc(sizeof(*second), GFP_ATOMIC); // ok: gfp-flag
	rcu_read_unlock();

	if (!first || !second) {
		kfree(first);
		kfree(second);
		return -ENOMEM;
	}

	list_add(&first->node, &t->events);
	list_add(&second->node, &t->events);
	return count;
}

/* Called from other files too, perhaps under a lock. */
struct event *tracer_event_alloc(struct tracer *t)
{
	return kzalloc(sizeof(struct event), GFP_ATOMIC); // ok: gfp-flag
}

static void tracer_push(struct tracer *t, u32 code)
{
	struct event *event;

	event = kzalloc(sizeof(*event), GFP_ATOMIC); // ok: gfp-flag
	if (!event)
		return;

	event->code = code;
	list_add_tail(&event->node, &t->events);
}

static irqreturn_t tracer_irq(int irq, void *data)
{
	tracer_push(data, 1);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t tracer_irq_thread(int irq, void *data)
{
	tracer_push(data, 2);
	return IRQ_HANDLED;
}

static void tracer_urb_done(struct urb *urb)
{
	usb_submit_urb(urb, GFP_ATOMIC); // ok: gfp-flag
}

static int tracer_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct event *event, *loud;
	struct tracer *t;

	t = devm_kzalloc(dev, sizeof(*t), GFP_KERNEL); // ok: gfp-flag
	if (!t)
		return -ENOMEM;

	event = tracer_early_event();
	if (!event)
		return -ENOMEM;

	loud = kmalloc(sizeof(*loud), GFP_KERNEL | __GFP_NOWARN | __GFP_ZERO); // ok: gfp-flag
	if (!loud) {
		kfree(event);
		return -ENOMEM;
	}

	spin_lock_init(&t->lock);
	INIT_LIST_HEAD(&t->events);
	INIT_WORK(&t->work, tracer_work);
	list_add(&event->node, &t->events);
	list_add(&loud->node, &t->events);

	t->irq = platform_get_irq(pdev, 0);
	if (t->irq < 0)
		return tracer_mixed(t);
	return devm_request_threaded_irq(dev, t->irq, tracer_irq, tracer_irq_thread,
					 IRQF_ONESHOT, "tracer", t);
}

static int tracer_usb_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_device *udev = interface_to_usbdev(intf);
	struct tracer *t = usb_get_intfdata(intf);

	usb_fill_int_urb(t->urb, udev, usb_rcvintpipe(udev, 1), t, 8, tracer_urb_done, t, 8);
	return usb_submit_urb(t->urb, GFP_NOIO); // ok: gfp-flag
}

static void tracer_disconnect(struct usb_interface *intf)
{
	struct tracer *t = usb_get_intfdata(intf);

	usb_kill_urb(t->urb);
}

const struct file_operations tracer_fops = {
	.owner = THIS_MODULE,
	.open = tracer_open,
	.release = tracer_release,
	.read = tracer_read,
	.write = tracer_write,
};

struct usb_driver tracer_usb_driver = {
	.name = "tracer",
	.probe = tracer_usb_probe,
	.disconnect = tracer_disconnect,
};

static struct platform_driver tracer_driver = {
	.probe = tracer_probe,
	.driver = {
		.name = "tracer",
	},
};
module_platform_driver(tracer_driver);

MODULE_DESCRIPTION("Tracer");
MODULE_LICENSE("GPL");
