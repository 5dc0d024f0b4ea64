// fixture: the port, with the kernel's own functions.
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

struct port_ops {
	int (*open)(int number);
	int (*write)(int number, const char *text);
	void (*free)(void *data);
	void (*exit)(void);
};

struct port {
	const struct port_ops *ops;
	char *text;
	int read;
};

int port_exercise(struct port *p);

static int port_hello(struct port *p)
{
	pr_info("port %d\n", p->read);
	return 0;
}

static int port_reserve(struct port *p, size_t len)
{
	p->text = kmalloc(len, GFP_KERNEL);
	if (!p->text)
		return -ENOMEM;
	return 0;
}

static void port_release(struct port *p)
{
	kfree(p->text);
	p->text = NULL;
}

static void port_wait(struct port *p)
{
	usleep_range(100, 200);
}

static int port_number(const char *text)
{
	int number;
	int ret = kstrtoint(text, 10, &number);

	return ret ?: number;
}

static int port_members(struct port *p)
{
	int ret = p->ops->open(p->read);

	if (ret)
		return ret;
	ret = p->ops->write(p->read, "hello");
	p->ops->free(p);
	p->ops->exit();
	return ret;
}

static int port_compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The kernel has these itself. */
static int port_kernel_strings(struct port *p, int *numbers)
{
	char text[16];
	int number;

	snprintf(text, sizeof(text), "%d", p->read);
	if (strlen(text) > 8 || memcmp(text, "12", 2) == 0)
		return abs(p->read);
	if (sscanf(text, "%d", &number) != 1)
		return -EINVAL;
	sort(numbers, 4, sizeof(*numbers), port_compare, NULL);
	return number;
}

static void close(struct port *p)
{
	kfree(p->text);
}

/* A function of the driver's own, whatever its name. */
static void port_close(struct port *p)
{
	close(p);
}

/* Names, not calls: printf("%d") in a comment, malloc in a string. */
static int port_names(struct port *p, void (*exit)(struct port *p))
{
	int time = p->read, read = time;

	pr_info("malloc() and printf() are for programs\n");
	exit(p);
	return read;
}

int port_exercise(struct port *p)
{
	int numbers[4] = { 4, 3, 2, 1 };

	port_wait(p);
	port_release(p);
	port_close(p);
	return port_hello(p) ?: port_reserve(p, 16) ?: port_number("7") ?: port_members(p) ?:
	       port_kernel_strings(p, numbers) ?: port_names(p, port_close);
}

MODULE_DESCRIPTION("Port");
MODULE_LICENSE("GPL");
