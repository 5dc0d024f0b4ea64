// fixture: pointers into user space, followed as if they were kernel pointers.
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

struct lamp_config {
	u32 colour;
	u32 level;
	char name[16];
};

struct lamp {
	struct lamp_config config;
	char text[64];
	size_t len;
};

#define LAMP_SET	_IOW('l', 1, struct lamp_config)
#define LAMP_GET	_IOR('l', 2, struct lamp_config)
#define LAMP_LEVEL	_IOW('l', 3, u32)
#define LAMP_NAME	_IOW('l', 4, struct lamp_config)

static ssize_t lamp_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;

	if (!count)
		return 0;
	if (*buf == '#') // error: user-pointer-deref "`buf` points to user memory: use copy_from_user() or get_user()"
		return count;

	count = min(count, sizeof(lamp->text)); // ok: user-pointer-deref
	if (copy_from_user(lamp->text, buf, count)) // ok: user-pointer-deref
		return -EFAULT;
	lamp->len = count;
	return count;
}

static ssize_t lamp_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	size_t i;

	count = min(count, lamp->len);
	for (i = 0; i < count; i++)
		buf[i] = lamp->text[i]; // error: user-pointer-deref "`buf` points to user memory"
	return count;
}

static ssize_t lamp_read_checked(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	char __user *at = buf + 1; // ok: user-pointer-deref
	char __user *end = buf + count;

	if (count < 2)
		return -EINVAL;
	if (put_user('>', buf)) // ok: user-pointer-deref
		return -EFAULT;
	if (copy_to_user(at, lamp->text, end - at)) // ok: user-pointer-deref
		return -EFAULT;
	if (clear_user(&buf[1], 1)) // ok: user-pointer-deref
		return -EFAULT;
	return count;
}

static u32 lamp_level(const struct lamp_config __user *config)
{
	return config->level; // error: user-pointer-deref "`config` points to user memory"
}

static int lamp_set(struct lamp *lamp, const struct lamp_config __user *config)
{
	struct lamp_config copy;
	u32 level;

	if (get_user(level, &config->level)) // ok: user-pointer-deref
		return -EFAULT;
	if (level > 255)
		return -EINVAL;
	if (copy_from_user(&copy, config, sizeof(*config))) // ok: user-pointer-deref
		return -EFAULT;
	copy.level = level;
	lamp->config = copy;
	return 0;
}

static int lamp_name(struct lamp *lamp, struct lamp_config __user *config)
{
	long len;

	len = strncpy_from_user(lamp->config.name, config->name, sizeof(lamp->config.name)); // ok: user-pointer-deref
	if (len < 0)
		return len;
	if (len == sizeof(lamp->config.name))
		return -EINVAL;
	return 0;
}

static long lamp_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;
	struct lamp *lamp = file->private_data;
	u32 __user *level = argp;

	switch (cmd) {
	case LAMP_SET:
		return lamp_set(lamp, argp); // ok: user-pointer-deref
	case LAMP_GET:
		if (copy_to_user(argp, &lamp->config, sizeof(lamp->config))) // ok: user-pointer-deref
			return -EFAULT;
		return 0;
	case LAMP_LEVEL:
		lamp->config.level = *level; // error: user-pointer-deref "`level` points to user memory"
		return lamp_level(argp);
	case LAMP_NAME:
		return lamp_palette(argp) ? lamp_peek(lamp, argp) : lamp_name(lamp, argp);
	default:
		return -ENOTTY;
	}
}

/* The list is in the kernel, its entries point to user space. */
static int lamp_gather(struct lamp *lamp, char __user **list, size_t count)
{
	char __user *first = *list; // ok: user-pointer-deref
	size_t i;

	for (i = 0; i < count; i++) {
		if (get_user(lamp->text[i], list[i])) // ok: user-pointer-deref
			return -EFAULT;
	}
	return first ? 0 : -EINVAL;
}

static ssize_t lamp_dump(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	struct lamp_config *config = &lamp->config;

	if (count < sizeof(*buf) * sizeof(*config)) // ok: user-pointer-deref
		return -EINVAL;
	config->level = 0; // ok: user-pointer-deref
	return lamp_gather(lamp, &buf, 1) ?: lamp_read_checked(file, buf, count, ppos);
}

static ssize_t lamp_status(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	char text[32];
	size_t len;

	len = scnprintf(text, sizeof(text), "lamp ");
	len += sprintf(buf + len, "%u\n", lamp->config.level); // error: user-pointer-deref "`buf` points to user memory, which sprintf() may not touch"
	return simple_read_from_buffer(buf, count, ppos, text, len);
}

static int lamp_peek(struct lamp *lamp, const struct lamp_config __user *config)
{
	const struct lamp_config *from = (const struct lamp_config *)config; // related: user-pointer-deref "the mark is lost here"

	return from->level > lamp->config.level; // error: user-pointer-deref "`from` points to user memory"
}

/* A struct of another header: its member may be an array, and then this is an address. */
static const u32 __user *lamp_palette(const struct lamp_palette __user *palette)
{
	const u32 __user *colours;

	colours = palette->colours; // ok: user-pointer-deref
	return colours;
}

const struct file_operations lamp_fops = {
	.owner = THIS_MODULE,
	.read = lamp_read,
	.write = lamp_write,
	.unlocked_ioctl = lamp_ioctl,
};

const struct file_operations lamp_status_fops = {
	.owner = THIS_MODULE,
	.read = lamp_status,
};

const struct file_operations lamp_dump_fops = {
	.owner = THIS_MODULE,
	.read = lamp_dump,
};

struct lamp_ring {
	struct vring_used __user *used;
};

/* An array of a struct that is not seen: something is added to its address. */
int lamp_put(struct lamp_ring *ring, const struct vring_used_elem *head, int index)
{
	return lamp_copy(ring, ring->used->ring + index, head, sizeof(*head)); // ok: user-pointer-deref
}

MODULE_DESCRIPTION("Lamp");
MODULE_LICENSE("GPL");
