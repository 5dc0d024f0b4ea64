// fixture: the driver of user-copy-unchecked-length.c, with every length bounded.
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define NAME_BYTES 32

struct blob_request {
	u32 len;
	u8 short_len;
	u64 data;
};

struct blob {
	char version[64];
	char payload[256];
};

static ssize_t blob_write(struct file *file, const char __user *ubuf, size_t count, loff_t *ppos)
{
	char name[NAME_BYTES];

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, ubuf, count))
		return -EFAULT;
	name[NAME_BYTES - 1] = '\0';
	return name[0] ? count : -EINVAL;
}

static ssize_t blob_read(struct file *file, char __user *ubuf, size_t count, loff_t *ppos)
{
	struct blob *blob = file->private_data;

	count = min(count, sizeof(blob->version));
	if (copy_to_user(ubuf, blob->version, count))
		return -EFAULT;
	return count;
}

static const struct file_operations blob_fops = {
	.owner = THIS_MODULE,
	.read = blob_read,
	.write = blob_write,
};

static ssize_t name_write(struct file *file, const char __user *ubuf, size_t count, loff_t *ppos)
{
	char name[NAME_BYTES];

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, ubuf, count))
		return -EFAULT;
	name[count] = '\0';
	return name[0] ? count : -EINVAL;
}

static ssize_t name_read(struct file *file, char __user *ubuf, size_t count, loff_t *ppos)
{
	struct blob *blob = file->private_data;

	return simple_read_from_buffer(ubuf, count, ppos, blob->version, sizeof(blob->version));
}

static const struct file_operations name_fops = {
	.owner = THIS_MODULE,
	.read = name_read,
	.write = name_write,
};

static ssize_t line_write(struct file *file, const char __user *ubuf, size_t count, loff_t *ppos)
{
	char line[NAME_BYTES];

	if (!count || count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, ubuf, count))
		return -EFAULT;
	if (line[count - 1] == '\n')
		line[count - 1] = '\0';
	line[count] = '\0';
	return line[0] ? count : -EINVAL;
}

static const struct file_operations line_fops = {
	.owner = THIS_MODULE,
	.write = line_write,
};

static ssize_t word_write(struct file *file, const char __user *ubuf, size_t count, loff_t *ppos)
{
	char word[NAME_BYTES];
	size_t len = min(count, sizeof(word) - 1);

	if (!count)
		return 0;
	if (copy_from_user(word, ubuf, len))
		return -EFAULT;
	word[len] = '\0';
	if (word[len - 1] == '\n')
		word[len - 1] = '\0';
	return word[0] ? count : -EINVAL;
}

static const struct file_operations word_fops = {
	.owner = THIS_MODULE,
	.write = word_write,
};

static long blob_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct blob *blob = file->private_data;
	struct blob_request req;

	if (copy_from_user(&req, (void __user *)arg, sizeof(req)))
		return -EFAULT;
	if (req.len > sizeof(blob->payload))
		return -EINVAL;
	if (copy_from_user(blob->payload, u64_to_user_ptr(req.data), req.len))
		return -EFAULT;
	if (copy_from_user(blob->payload, u64_to_user_ptr(req.data), req.short_len))
		return -EFAULT;
	return 0;
}

static long small_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct blob_request req;
	char *buf;
	long ret = 0;

	if (copy_from_user(&req, (void __user *)arg, sizeof(req)))
		return -EFAULT;
	if (req.len > NAME_BYTES)
		return -EINVAL;
	buf = kzalloc(NAME_BYTES, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	if (copy_to_user(u64_to_user_ptr(req.data), buf, req.len))
		ret = -EFAULT;
	kfree(buf);
	return ret;
}

static long sized_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct blob *blob = file->private_data;
	struct blob_request req;
	char *buf;
	long ret = 0;

	if (copy_from_user(&req, (void __user *)arg, sizeof(req)))
		return -EFAULT;
	buf = kzalloc(req.len, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	if (copy_from_user(buf, u64_to_user_ptr(req.data), req.len))
		ret = -EFAULT;
	kfree(buf);
	if (!ret && req.len <= sizeof(blob->payload))
		ret = copy_from_user(blob->payload, u64_to_user_ptr(req.data), req.len) ? -EFAULT : 0;
	return ret;
}

const struct file_operations *blob_exercise(int which);

const struct file_operations *blob_exercise(int which)
{
	if (which > 2 && blob_ioctl(NULL, 0, 0) + small_ioctl(NULL, 0, 0) + sized_ioctl(NULL, 0, 0))
		return NULL;
	return which == 0 ? &blob_fops : which == 1 ? &name_fops : which == 2 ? &line_fops : &word_fops;
}

MODULE_DESCRIPTION("Blob");
MODULE_LICENSE("GPL");
