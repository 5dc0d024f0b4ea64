// fixture: headers and functions of the C library, which kernel code does not have.
#include <stdio.h> // error: libc-in-kernel "<stdio.h> is a C library header"
#include <stdlib.h> // error: libc-in-kernel "<stdlib.h> is a C library header"
#include <string.h> // error: libc-in-kernel "<string.h> is a C library header"
#include <unistd.h> // error: libc-in-kernel "<unistd.h> is a C library header"
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h> // ok: libc-in-kernel

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
	printf("port %d\n", p->read); // error: libc-in-kernel "printf() is not available in the kernel: use pr_info()"
	return 0;
}

static int port_reserve(struct port *p, size_t len)
{
	p->text = malloc(len); // error: libc-in-kernel "malloc() is not available in the kernel"
	if (!p->text)
		return -ENOMEM;
	return 0;
}

static void port_release(struct port *p)
{
	free(p->text); // error: libc-in-kernel "free() is not available in the kernel: use kfree()"
	p->text = NULL;
}

static void port_wait(struct port *p)
{
	usleep(100); // error: libc-in-kernel "usleep() is not available in the kernel"
}

static int port_number(const char *text)
{
	return atoi(text); // error: libc-in-kernel "atoi() is not available in the kernel"
}

static int port_members(struct port *p)
{
	int ret = p->ops->open(p->read); // ok: libc-in-kernel

	if (ret)
		return ret;
	ret = p->ops->write(p->read, "hello"); // ok: libc-in-kernel
	p->ops->free(p); // ok: libc-in-kernel
	p->ops->exit(); // ok: libc-in-kernel
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

	snprintf(text, sizeof(text), "%d", p->read); // ok: libc-in-kernel
	if (strlen(text) > 8 || memcmp(text, "12", 2) == 0) // ok: libc-in-kernel
		return abs(p->read); // ok: libc-in-kernel
	if (sscanf(text, "%d", &number) != 1) // ok: libc-in-kernel
		return -EINVAL;
	sort(numbers, 4, sizeof(*numbers), port_compare, NULL); // ok: libc-in-kernel
	return number;
}

static void close(struct port *p)
{
	kfree(p->text);
}

/* A function of the driver's own, whatever its name. */
static void port_close(struct port *p)
{
	close(p); // ok: libc-in-kernel
}

/* Names, not calls: printf("%d") in a comment, malloc in a string. */
static int port_names(struct port *p, void (*exit)(struct port *p))
{
	int time = p->read, read = time; // ok: libc-in-kernel

	pr_info("malloc() and printf() are for programs\n"); // ok: libc-in-kernel
	exit(p); // ok: libc-in-kernel
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
