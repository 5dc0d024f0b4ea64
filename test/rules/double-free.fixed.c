// A character device whose open and error paths free what they allocated.
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>

struct tape_file {
	void *buffer;
	char *label;
	size_t size;
};

int tape_hw_reserve(struct tape_file *file);

static int tape_open_buffer(struct tape_file *file)
{
	int ret;

	file->buffer = kmalloc(file->size, GFP_KERNEL);
	if (!file->buffer)
		return -ENOMEM;
	ret = tape_hw_reserve(file);
	if (ret)
		goto err_free;
	file->label = kstrdup("tape", GFP_KERNEL);
	if (!file->label) {
		ret = -ENOMEM;
		goto err_free;
	}
	return 0;

err_free:
	kfree(file->buffer);
	return ret;
}

/* Frees the file when it fails. */
static int tape_start(struct tape_file *file)
{
	if (tape_hw_reserve(file)) {
		kfree(file);
		return -EIO;
	}
	return 0;
}

static int tape_open(struct inode *inode, struct file *filp)
{
	struct tape_file *file;
	int ret;

	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return -ENOMEM;
	ret = tape_start(file);
	if (ret)
		return ret;
	filp->private_data = file;
	return 0;
}

static void tape_free(struct tape_file *file)
{
	kfree(file->label);
	kfree(file->buffer);
}

static void tape_close(struct tape_file *file)
{
	tape_free(file);
	kfree(file);
}

static void tape_close_right(struct tape_file *file)
{
	kfree(file->buffer);
	file->buffer = NULL;
	tape_free(file);
	kfree(file);
}

static void tape_resize(struct tape_file *file, size_t size)
{
	kfree(file->buffer);
	file->buffer = kmalloc(size, GFP_KERNEL);
	kfree(file->label);
	if (!file->buffer)
		return;
	file->label = NULL;
	kfree(file->buffer);
	file->buffer = NULL;
}

static void tape_free_all(void **buffers, int count)
{
	int i;

	for (i = 0; i < count; i++)
		kfree(buffers[i]);
	kfree(buffers);
}

static const struct file_operations tape_fops = {
	.owner = THIS_MODULE,
	.open = tape_open,
};

MODULE_LICENSE("GPL");
