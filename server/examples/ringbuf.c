// SPDX-License-Identifier: GPL-2.0
/* A ring of time stamps: a timer fills it, a read empties it, an ioctl changes its size. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#define RINGBUF_RESIZE	_IOW('r', 1, u32)
#define RINGBUF_LOST	_IOR('r', 2, u32)

#define RINGBUF_DEFAULT	64
#define RINGBUF_LARGEST	4096

static unsigned int period_ms = 100;
module_param(period_ms, uint, 0444);
MODULE_PARM_DESC(period_ms, "time between two stamps in milliseconds");

struct ringbuf {
	spinlock_t lock;	/* protects the members below */
	u64 *stamps;
	u32 size;
	u32 head;
	u32 count;
	u32 lost;
	struct timer_list timer;
};

static struct ringbuf ringbuf;

static void ringbuf_put(struct ringbuf *rb, u64 stamp)
{
	if (rb->count == rb->size) {
		rb->lost++;
		return;
	}
	rb->stamps[(rb->head + rb->count) % rb->size] = stamp;
	rb->count++;
}

static bool ringbuf_get(struct ringbuf *rb, u64 *stamp)
{
	if (!rb->count)
		return false;
	*stamp = rb->stamps[rb->head];
	rb->head = (rb->head + 1) % rb->size;
	rb->count--;
	return true;
}

/* Replaces the ring by one of another size and moves over what fits. */
static int ringbuf_grow(struct ringbuf *rb, u32 size)
{
	u64 *stamps;
	u32 kept = 0;

	stamps = kcalloc(size, sizeof(*stamps), GFP_KERNEL);
	if (!stamps)
		return -ENOMEM;

	while (kept < size && ringbuf_get(rb, &stamps[kept]))
		kept++;
	kfree(rb->stamps);
	rb->stamps = stamps;
	rb->size = size;
	rb->head = 0;
	rb->count = kept;
	return 0;
}

static void ringbuf_tick(struct timer_list *t)
{
	struct ringbuf *rb = container_of(t, struct ringbuf, timer);

	spin_lock(&rb->lock);
	ringbuf_put(rb, ktime_get_ns());
	spin_unlock(&rb->lock);

	mod_timer(&rb->timer, jiffies + msecs_to_jiffies(period_ms));
}

static ssize_t ringbuf_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct ringbuf *rb = &ringbuf;
	size_t done = 0;
	u64 stamp;
	bool got;

	while (count - done >= sizeof(stamp)) {
		spin_lock_bh(&rb->lock);
		got = ringbuf_get(rb, &stamp);
		spin_unlock_bh(&rb->lock);
		if (!got)
			break;
		if (copy_to_user(buf + done, &stamp, sizeof(stamp)))
			return done ?: -EFAULT;
		done += sizeof(stamp);
	}
	return done;
}

static int ringbuf_resize(struct ringbuf *rb, u32 size)
{
	int ret;

	spin_lock_bh(&rb->lock);
	if (!size || size > RINGBUF_LARGEST)
		return -EINVAL;
	ret = ringbuf_grow(rb, size);
	spin_unlock_bh(&rb->lock);
	return ret;
}

static long ringbuf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	u32 __user *argp = (u32 __user *)arg;
	struct ringbuf *rb = &ringbuf;
	u32 value;

	switch (cmd) {
	case RINGBUF_RESIZE:
		if (get_user(value, argp))
			return -EFAULT;
		return ringbuf_resize(rb, value);
	case RINGBUF_LOST:
		spin_lock(&rb->lock);
		value = rb->lost;
		rb->lost = 0;
		spin_unlock(&rb->lock);
		return put_user(value, argp);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations ringbuf_fops = {
	.owner = THIS_MODULE,
	.read = ringbuf_read,
	.unlocked_ioctl = ringbuf_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice ringbuf_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ringbuf",
	.fops = &ringbuf_fops,
};

static int __init ringbuf_init(void)
{
	struct ringbuf *rb = &ringbuf;
	int ret;

	spin_lock_init(&rb->lock);
	timer_setup(&rb->timer, ringbuf_tick, 0);
	ret = ringbuf_grow(rb, RINGBUF_DEFAULT);
	if (ret)
		return ret;

	ret = misc_register(&ringbuf_misc);
	if (ret) {
		kfree(rb->stamps);
		return ret;
	}

	mod_timer(&rb->timer, jiffies + msecs_to_jiffies(period_ms));
	return 0;
}
module_init(ringbuf_init);

static void __exit ringbuf_exit(void)
{
	misc_deregister(&ringbuf_misc);
	timer_delete_sync(&ringbuf.timer);
	kfree(ringbuf.stamps);
}
module_exit(ringbuf_exit);

MODULE_DESCRIPTION("Ring of time stamps");
MODULE_LICENSE("GPL");
