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
		kfree(file->buffer);
		ret = -ENOMEM;
		goto err_free;
	}
	return 0;

err_free:
	kfree(file->buffer); // error: double-free "`file->buffer` is freed again: kfree() freed it before"
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
	ret = tape_start(file); // related: double-free "tape_start() is called here; kfree() in it frees it"
	if (ret)
		goto err;
	filp->private_data = file;
	return 0;

err:
	kfree(file); // error: double-free "`file` is freed again: kfree() freed it before"
	return ret;
}

static void tape_free(struct tape_file *file)
{
	kfree(file->label);
	kfree(file->buffer);
}

static void tape_close(struct tape_file *file)
{
	kfree(file->buffer);
	tape_free(file); // error: double-free "`file->buffer` is freed again in tape_free(): kfree() freed it before"
	kfree(file); // ok: double-free
}

static void tape_close_right(struct tape_file *file)
{
	kfree(file->buffer);
	file->buffer = NULL;
	tape_free(file); // ok: double-free
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
	kfree(file->buffer); // ok: double-free
	file->buffer = NULL;
}

static void tape_free_all(void **buffers, int count)
{
	int i;

	for (i = 0; i < count; i++)
		kfree(buffers[i]); // ok: double-free
	kfree(buffers);
}

static const struct file_operations tape_fops = {
	.owner = THIS_MODULE,
	.open = tape_open,
};

MODULE_LICENSE("GPL");
