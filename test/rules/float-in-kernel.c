// fixture: floating point in code that may not touch the FPU's registers.
#include <linux/fpu.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/module.h>
#include <linux/printk.h>

struct probe {
	int raw;
	int offset;
	int float_mode;
	unsigned int e5;
};

int probe_exercise(struct probe *p);

static int probe_fahrenheit(struct probe *p)
{
	return p->raw * 1.8 + 32; // error: float-in-kernel "floating point in kernel code"
}

static int probe_mean(const int *values, int count)
{
	double sum = 0;
	int i;

	for (i = 0; i < count; i++)
		sum += values[i]; // error: float-in-kernel "probe_mean() would clobber the FPU"
	return sum / count;
}

static int probe_scale(struct probe *p)
{
	return (float)p->raw / p->offset; // error: float-in-kernel "floating point in kernel code"
}

static int probe_calibrate(struct probe *p)
{
	p->offset = p->raw * 1e3f; // error: float-in-kernel "floating point in kernel code"
	return p->offset;
}

/* 1.8 is 9 / 5. */
static int probe_fahrenheit_integer(struct probe *p)
{
	return DIV_ROUND_CLOSEST(p->raw * 9, 5) + 32; // ok: float-in-kernel
}

static int probe_print(struct probe *p)
{
	int milli = p->raw * 1000 / 16; // ok: float-in-kernel

	pr_info("%d.%03d degrees, not 36.6 or 1e5\n", milli / 1000, abs(milli % 1000)); // ok: float-in-kernel
	return p->raw == 0x1e5; // ok: float-in-kernel
}

static int probe_names(struct probe *p)
{
	int double_rate = 2, is_float = p->float_mode; // ok: float-in-kernel

	return double_rate * is_float + p->e5; // ok: float-in-kernel
}

static int probe_in_fpu_section(struct probe *p)
{
	int result;

	/* In a file that is built with CC_FLAGS_FPU. */
	kernel_fpu_begin();
	result = p->raw * 1.8 + 32; // ok: float-in-kernel
	kernel_fpu_end();
	return result;
}

int probe_exercise(struct probe *p)
{
	int values[] = { p->raw, p->offset };

	return probe_fahrenheit(p) + probe_mean(values, 2) + probe_scale(p) + probe_calibrate(p) +
	       probe_fahrenheit_integer(p) + probe_print(p) + probe_names(p) + probe_in_fpu_section(p);
}

/* The compiler works it out. */
u32 probe_clock(u32 period)
{
	return (((u32)1e9) / period) * (u32)(1e3); // ok: float-in-kernel
}

MODULE_DESCRIPTION("Probe");
MODULE_LICENSE("GPL");
