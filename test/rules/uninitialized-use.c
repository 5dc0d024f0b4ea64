// fixture: locals that are read before anything was assigned, and those that only look so.
#include <linux/dmaengine.h>
#include <linux/of.h>
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

#define winch_each(w, v, put) \
	({ while ((v = readl((w)->regs))) put; 0; })

/* The macro assigns before it runs its last argument. */
int winch_drain(struct winch *w)
{
	u32 word;

	return winch_each(w, word, writel(word, w->regs)); // ok: uninitialized-use
}

char *winch_name(const u16 *wide, size_t len)
{
	char name[32]; // related: uninitialized-use "`name` is declared without a value"
	size_t i;

	for (i = 0; i < len; i++)
		name[i] = wide[i];
	return kstrdup(name, GFP_KERNEL); // warning: uninitialized-use "nothing ends the string in `name` that kstrdup() reads"
}

char *winch_label(const u16 *wide, size_t len)
{
	char label[32];
	size_t i;

	for (i = 0; i < len; i++)
		label[i] = wide[i];
	label[len] = 0;
	return kstrdup(label, GFP_KERNEL); // ok: uninitialized-use
}

/* The core reads members that nobody set. */
struct winch *winch_create(struct device *dev, const struct reset_control_ops *ops)
{
	struct winch *w;

	w = devm_kmalloc(dev, sizeof(*w), GFP_KERNEL); // related: uninitialized-use "allocated here"
	if (!w)
		return NULL;
	w->reset.ops = ops;
	w->reset.nr_resets = 4;
	if (devm_reset_controller_register(dev, &w->reset)) // warning: uninitialized-use "`w->reset` is only partly set: devm_kmalloc() clears nothing"
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
	if (devm_reset_controller_register(dev, &w->reset)) // ok: uninitialized-use
		return NULL;
	return w;
}

int winch_busy(struct winch *w);

/* An error is below 0, whichever test finds it. */
int winch_count(struct winch *w, bool reads)
{
	int count, ret;

	ret = winch_busy(w);
	if (ret)
		goto out;
	count = reads ? 4 : 0;

out:
	return ret < 0 ? ret : count; // ok: uninitialized-use
}

int winch_sum(struct winch *w, bool reads)
{
	int count, sum = 0;

	if (reads)
		count = 4;
	sum += count; // warning: uninitialized-use "`count` is read here, also on a path that has not assigned it"
	return sum;
}

/* Loop macros that assign through an address, or more than the counter. */
u64 winch_memory(void)
{
	phys_addr_t from, to;
	u64 total = 0, i;

	for_each_mem_range(i, &from, &to)
		total += to - from; // ok: uninitialized-use
	return total;
}

bool winch_known(struct rhlist_head *list, struct winch *w)
{
	struct rhlist_head *at;
	struct winch *each;

	rhl_for_each_entry_rcu(each, at, list, node)
		if (each->gear == w->gear) // ok: uninitialized-use
			return true;
	return false;
}

/* Between them the two cases are all there are. */
u32 winch_room(u32 head, u32 tail, u32 size)
{
	u32 room;

	if (head >= tail)
		room = size - head;
	if (head < tail)
		room = tail - head - 1;
	return room; // ok: uninitialized-use
}

struct winch_data {
	bool has_brake;
};

/* The one says what the other says. */
int winch_brake(struct winch *w, struct winch_brakes *brakes, const struct winch_data *data)
{
	int irq;

	brakes->has_brake = data->has_brake;
	if (data->has_brake)
		irq = winch_pull(w, 1);
	winch_load(w);
	if (brakes->has_brake)
		return winch_pull(w, irq); // ok: uninitialized-use
	return 0;
}

MODULE_LICENSE("GPL");

/* What is not set of it is set to what the stack held. */
int winch_stream(struct winch *w, struct dma_chan *chan, dma_addr_t to)
{
	struct dma_slave_config config;

	config.direction = DMA_MEM_TO_DEV;
	config.dst_addr = to;
	return dmaengine_slave_config(chan, &config); // warning: uninitialized-use "`config` is only partly set: nothing clears it, and dmaengine_slave_config() reads all of it"
}

int winch_stream_cleared(struct winch *w, struct dma_chan *chan, dma_addr_t to)
{
	struct dma_slave_config config;

	memset(&config, 0, sizeof(config));
	config.direction = DMA_MEM_TO_DEV;
	config.dst_addr = to;
	return dmaengine_slave_config(chan, &config); // ok: uninitialized-use
}

/* A property that is missing leaves the variable as it is. */
int winch_teeth(struct winch *w, struct device_node *np)
{
	u32 teeth;

	of_property_read_u32(np, "teeth", &teeth);
	return teeth; // warning: uninitialized-use "`teeth` is read here, also on a path that has not assigned it"
}

int winch_teeth_checked(struct winch *w, struct device_node *np)
{
	u32 teeth, pitch;
	int ret;

	ret = of_property_read_u32(np, "teeth", &teeth);
	ret |= of_property_read_u32(np, "pitch", &pitch);
	if (ret)
		return -EINVAL;
	return teeth * pitch; // ok: uninitialized-use
}

void winch_read(struct winch *w, u32 *speed);

/* Without any bit, nothing is tested. */
int winch_speed(struct winch *w, bool running)
{
	u32 flags = 0;
	u32 speed;

	if (running) {
		flags = winch_flags(w);
		winch_read(w, &speed);
	}
	if (flags & 4)
		return speed; // ok: uninitialized-use
	return 0;
}
