// fixture: locals that are read before anything was assigned, and those that only look so.
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>

enum gear { GEAR_LOW, GEAR_MID, GEAR_HIGH };

struct winch {
	void __iomem *regs;
	enum gear gear;
	bool loaded;
	u32 pull;
};

int winch_copy(struct winch *w, unsigned int words);
int winch_pull(struct winch *w, int how);
int winch_log(struct winch *w, size_t len);
u32 winch_ratio(struct winch *w);
int winch_read(struct winch *w, u32 *value);
int winch_load(struct winch *w);
int winch_first(struct winch *w);

/* With no words there is nothing to return. */
int winch_copy(struct winch *w, unsigned int words)
{
	int ret; // related: uninitialized-use "`ret` is declared without a value"

	while (words) {
		ret = readl(w->regs) ? 0 : -EIO;
		if (ret)
			break;
		words--;
	}
	return ret; // warning: uninitialized-use "`ret` is read here, also on a path that has not assigned it"
}

int winch_pull(struct winch *w, int how)
{
	u32 force;

	if (how > 3)
		force = 200;
	else if (w->loaded)
		force = 100;
	w->pull = force; // warning: uninitialized-use "`force` is read here"
	return 0;
}

/* The early return gives back what is not there yet. */
int winch_log(struct winch *w, size_t len)
{
	char *line __free(kfree); // warning: uninitialized-use "`line` is given back at the end of its scope"

	if (len > 80)
		return -EINVAL;
	line = kzalloc(len, GFP_KERNEL);
	return line ? 0 : -ENOMEM;
}

/* Every gear has its case. */
u32 winch_ratio(struct winch *w)
{
	u32 ratio;

	switch (w->gear) {
	case GEAR_LOW:
		ratio = 1;
		break;
	case GEAR_MID:
		ratio = 4;
		break;
	case GEAR_HIGH:
		ratio = 16;
		break;
	}
	return ratio; // ok: uninitialized-use
}

static void winch_sample(struct winch *w, u32 *value)
{
	*value = readl(w->regs);
}

/* Whoever gets the address assigns. */
int winch_read(struct winch *w, u32 *value)
{
	u32 sample;

	winch_sample(w, &sample);
	*value = sample; // ok: uninitialized-use
	return 0;
}

/* Both tests come out the same. */
int winch_load(struct winch *w)
{
	u32 before;

	if (w->loaded)
		before = w->pull;
	writel(1, w->regs);
	if (w->loaded)
		w->pull = before; // ok: uninitialized-use
	return 0;
}

/* A loop is taken to run when nothing says that it may not. */
int winch_first(struct winch *w)
{
	u32 value;
	int i;

	for (i = 0; i < w->gear; i++)
		value = readl(w->regs + 4 * i);
	return value ? 0 : -EIO; // ok: uninitialized-use
}

MODULE_LICENSE("GPL");
