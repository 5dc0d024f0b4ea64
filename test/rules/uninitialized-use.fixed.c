// fixture: the winch, with a value in every local before it is read.
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/reset-controller.h>
#include <linux/slab.h>
#include <linux/string.h>

enum gear { GEAR_LOW, GEAR_MID, GEAR_HIGH };

struct winch {
	struct reset_controller_dev reset;
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
int winch_drain(struct winch *w);
char *winch_name(const u16 *wide, size_t len);
char *winch_label(const u16 *wide, size_t len);
struct winch *winch_create(struct device *dev, const struct reset_control_ops *ops);
struct winch *winch_clone(struct device *dev, const struct winch *from);

int winch_copy(struct winch *w, unsigned int words)
{
	int ret = 0;

	while (words) {
		ret = readl(w->regs) ? 0 : -EIO;
		if (ret)
			break;
		words--;
	}
	return ret;
}

int winch_pull(struct winch *w, int how)
{
	u32 force;

	if (how > 3)
		force = 200;
	else if (w->loaded)
		force = 100;
	else
		force = 50;
	w->pull = force;
	return 0;
}

int winch_log(struct winch *w, size_t len)
{
	char *line __free(kfree) = NULL;

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
	return ratio;
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
	*value = sample;
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
		w->pull = before;
	return 0;
}

/* A loop is taken to run when nothing says that it may not. */
int winch_first(struct winch *w)
{
	u32 value;
	int i;

	for (i = 0; i < w->gear; i++)
		value = readl(w->regs + 4 * i);
	return value ? 0 : -EIO;
}

#define winch_each(w, v, put) \
	({ while ((v = readl((w)->regs))) put; 0; })

/* The macro assigns before it runs its last argument. */
int winch_drain(struct winch *w)
{
	u32 word;

	return winch_each(w, word, writel(word, w->regs));
}

char *winch_name(const u16 *wide, size_t len)
{
	char name[32] = "";
	size_t i;

	for (i = 0; i < len; i++)
		name[i] = wide[i];
	return kstrdup(name, GFP_KERNEL);
}

char *winch_label(const u16 *wide, size_t len)
{
	char label[32];
	size_t i;

	for (i = 0; i < len; i++)
		label[i] = wide[i];
	label[len] = 0;
	return kstrdup(label, GFP_KERNEL);
}

struct winch *winch_create(struct device *dev, const struct reset_control_ops *ops)
{
	struct winch *w;

	w = devm_kzalloc(dev, sizeof(*w), GFP_KERNEL);
	if (!w)
		return NULL;
	w->reset.ops = ops;
	w->reset.nr_resets = 4;
	if (devm_reset_controller_register(dev, &w->reset))
		return NULL;
	return w;
}

struct winch *winch_clone(struct device *dev, const struct winch *from)
{
	struct winch *w;

	w = devm_kmalloc(dev, sizeof(*w), GFP_KERNEL);
	if (!w)
		return NULL;
	*w = *from;
	w->reset.nr_resets = 2;
	if (devm_reset_controller_register(dev, &w->reset))
		return NULL;
	return w;
}

MODULE_LICENSE("GPL");
