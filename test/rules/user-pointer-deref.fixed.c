// fixture: the lamp, with user memory reached through the accessors.
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
	char first;

	if (!count)
		return 0;
	if (get_user(first, buf))
		return -EFAULT;
	if (first == '#')
		return count;

	count = min(count, sizeof(lamp->text));
	if (copy_from_user(lamp->text, buf, count))
		return -EFAULT;
	lamp->len = count;
	return count;
}

static ssize_t lamp_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;

	count = min(count, lamp->len);
	if (copy_to_user(buf, lamp->text, count))
		return -EFAULT;
	return count;
}

static ssize_t lamp_read_checked(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	char __user *at = buf + 1;
	char __user *end = buf + count;

	if (count < 2)
		return -EINVAL;
	if (put_user('>', buf))
		return -EFAULT;
	if (copy_to_user(at, lamp->text, end - at))
		return -EFAULT;
	if (clear_user(&buf[1], 1))
		return -EFAULT;
	return count;
}

static int lamp_level(const struct lamp_config __user *config)
{
	u32 level;

	return get_user(level, &config->level) ? -EFAULT : (int)level;
}

static int lamp_set(struct lamp *lamp, const struct lamp_config __user *config)
{
	struct lamp_config copy;
	u32 level;

	if (get_user(level, &config->level))
		return -EFAULT;
	if (level > 255)
		return -EINVAL;
	if (copy_from_user(&copy, config, sizeof(*config)))
		return -EFAULT;
	copy.level = level;
	lamp->config = copy;
	return 0;
}

static int lamp_name(struct lamp *lamp, struct lamp_config __user *config)
{
	long len;

	len = strncpy_from_user(lamp->config.name, config->name, sizeof(lamp->config.name));
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
		return lamp_set(lamp, argp);
	case LAMP_GET:
		if (copy_to_user(argp, &lamp->config, sizeof(lamp->config)))
			return -EFAULT;
		return 0;
	case LAMP_LEVEL:
		if (get_user(lamp->config.level, level))
			return -EFAULT;
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
	char __user *first = *list;
	size_t i;

	for (i = 0; i < count; i++) {
		if (get_user(lamp->text[i], list[i]))
			return -EFAULT;
	}
	return first ? 0 : -EINVAL;
}

static ssize_t lamp_dump(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	struct lamp_config *config = &lamp->config;

	if (count < sizeof(*buf) * sizeof(*config))
		return -EINVAL;
	config->level = 0;
	return lamp_gather(lamp, &buf, 1) ?: lamp_read_checked(file, buf, count, ppos);
}

static ssize_t lamp_status(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct lamp *lamp = file->private_data;
	char text[32];
	size_t len;

	len = scnprintf(text, sizeof(text), "lamp ");
	len += scnprintf(text + len, sizeof(text) - len, "%u\n", lamp->config.level); // ok: user-pointer-deref
	return simple_read_from_buffer(buf, count, ppos, text, len);
}

static int lamp_peek(struct lamp *lamp, const struct lamp_config __user *config)
{
	const struct lamp_config __user *from = config;
	u32 level;

	if (get_user(level, &from->level)) // ok: user-pointer-deref
		return -EFAULT;
	return level > lamp->config.level;
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

MODULE_DESCRIPTION("Lamp");
MODULE_LICENSE("GPL");
