// fixture: the siren, with each failure looked for as it shows.
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

struct siren {
	struct device *dev;
	struct dentry *dir;
	struct task_struct *thread;
	struct task_struct *watcher;
	void __iomem *regs;
	void *tune;
};

int siren_setup(struct siren *s, phys_addr_t base);
int siren_start(struct siren *s);
int siren_watch(struct siren *s);
int siren_play(struct siren *s);
struct siren *siren_find(struct siren *s, int id);
void siren_shout(struct siren *s);

static int siren_thread(void *data)
{
	while (!kthread_should_stop())
		msleep(100);
	return 0;
}

int siren_setup(struct siren *s, phys_addr_t base)
{
	s->dir = debugfs_create_dir("siren", NULL);
	if (IS_ERR(s->dir))
		return PTR_ERR(s->dir);

	s->regs = ioremap(base, 0x100);
	if (!s->regs) {
		dev_err(s->dev, "no registers\n");
		return -EIO;
	}

	s->tune = kzalloc(64, GFP_KERNEL);
	if (!s->tune)
		return -ENOMEM;
	return 0;
}

int siren_start(struct siren *s)
{
	int ret;

	if (s->thread)
		return 0;

	s->thread = kthread_run(siren_thread, s, "siren");
	ret = PTR_ERR_OR_ZERO(s->thread);
	if (ret) {
		s->thread = NULL;
		dev_err(s->dev, "no thread: %d\n", ret);
	}
	return ret;
}

int siren_watch(struct siren *s)
{
	struct task_struct *watcher;

	if (s->watcher)
		return 0;

	watcher = kthread_run(siren_thread, s, "siren-watch");
	if (IS_ERR(watcher))
		return PTR_ERR(watcher);
	s->watcher = watcher;
	return 0;
}

/* What the function itself returns is known from its body. */
static void *siren_open_tune(struct siren *s, size_t len)
{
	void *tune = kmalloc(len, GFP_KERNEL);

	if (!tune)
		return ERR_PTR(-ENOMEM);
	return tune;
}

int siren_play(struct siren *s)
{
	void *tune = siren_open_tune(s, 64);

	if (IS_ERR(tune))
		return PTR_ERR(tune);
	kfree(s->tune);
	s->tune = tune;
	return 0;
}

/* Only one of the two ways here comes from a function that returns errors. */
struct siren *siren_find(struct siren *s, int id)
{
	struct dentry *dir = NULL;

	if (id > 0)
		dir = debugfs_create_dir("siren", NULL);
	if (!dir)
		return NULL;
	s->dir = dir;
	return s;
}

/* Both are looked for: one of the tests is superfluous, and none is missing. */
void siren_shout(struct siren *s)
{
	void __iomem *regs = ioremap(0x1000, 4);

	if (IS_ERR_OR_NULL(regs))
		return;
	writel(1, regs);
	iounmap(regs);
}

MODULE_LICENSE("GPL");
