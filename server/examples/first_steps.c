// SPDX-License-Identifier: GPL-2.0
/* A device that remembers what was written to it, and the mean of the numbers in it. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <stdio.h>
#include <stdlib.h>

#define NOTE_SIZE 4096

static char *note;
static size_t note_len;

static double mean(const int *numbers, int count)
{
	double sum = 0;
	int i;

	for (i = 0; i < count; i++)
		sum += numbers[i];
	return sum / count;
}

static ssize_t first_steps_write(struct file *file, const char __user *buf,
				 size_t count, loff_t *ppos)
{
	char text[NOTE_SIZE];
	int numbers[16];
	int n = 0;
	size_t i;

	if (count > sizeof(text))
		return -EINVAL;

	for (i = 0; i < count; i++) {
		text[i] = buf[i];
		if (text[i] >= '0' && text[i] <= '9' && n < 16)
			numbers[n++] = text[i] - '0';
	}

	memcpy(note, text, count);
	note_len = count;
	if (n)
		printf("mean: %d\n", (int)mean(numbers, n));
	return count;
}

static ssize_t first_steps_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, note, note_len);
}

static const struct file_operations first_steps_fops = {
	.owner = THIS_MODULE,
	.read = first_steps_read,
	.write = first_steps_write,
};

static struct miscdevice first_steps_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "first_steps",
	.fops = &first_steps_fops,
};

static int __init first_steps_init(void)
{
	int ret;

	note = malloc(NOTE_SIZE);
	if (!note)
		return -ENOMEM;

	printf("first steps\n");
	ret = misc_register(&first_steps_misc);
	if (ret)
		free(note);
	return ret;
}
module_init(first_steps_init);

static void __exit first_steps_exit(void)
{
	misc_deregister(&first_steps_misc);
	free(note);
}
module_exit(first_steps_exit);

MODULE_DESCRIPTION("First steps");
MODULE_LICENSE("GPL");
