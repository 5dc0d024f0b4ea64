// fixture: failures that show as NULL looked for as error pointers, and the other way round.
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
	s->dir = debugfs_create_dir("siren", NULL); // related: err-ptr-confusion "debugfs_create_dir() called here"
	if (!s->dir) // warning: err-ptr-confusion "debugfs_create_dir() returns an error pointer when it fails, never NULL"
		return -ENOMEM;

	s->regs = ioremap(base, 0x100);
	if (IS_ERR(s->regs)) { // warning: err-ptr-confusion "ioremap() returns NULL when it fails, never an error pointer"
		dev_err(s->dev, "no registers\n");
		return -EIO;
	}

	s->tune = kzalloc(64, GFP_KERNEL);
	if (IS_ERR(s->tune)) // warning: err-ptr-confusion "kzalloc() returns NULL when it fails"
		return PTR_ERR(s->tune);
	return 0;
}

/* Started twice, it takes the error of the first attempt for a thread. */
int siren_start(struct siren *s)
{
	int ret;

	if (s->thread) // related: err-ptr-confusion "is taken for valid here unless it is NULL"
		return 0;

	s->thread = kthread_run(siren_thread, s, "siren"); // warning: err-ptr-confusion "`s->thread` keeps the error pointer of kthread_run()"
	ret = PTR_ERR_OR_ZERO(s->thread);
	if (ret)
		dev_err(s->dev, "no thread: %d\n", ret);
	return ret;
}

int siren_watch(struct siren *s)
{
	struct task_struct *watcher;

	if (s->watcher)
		return 0;

	watcher = kthread_run(siren_thread, s, "siren-watch");
	if (IS_ERR(watcher)) // ok: err-ptr-confusion
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

	if (tune == NULL) // warning: err-ptr-confusion "siren_open_tune() returns an error pointer when it fails"
		return -ENOMEM;
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
	if (!dir) // ok: err-ptr-confusion
		return NULL;
	s->dir = dir;
	return s;
}

/* Both are looked for: one of the tests is superfluous, and none is missing. */
void siren_shout(struct siren *s)
{
	void __iomem *regs = ioremap(0x1000, 4);

	if (IS_ERR_OR_NULL(regs)) // ok: err-ptr-confusion
		return;
	writel(1, regs);
	iounmap(regs);
}

static struct siren *siren_next(struct siren *pair, struct siren **others, int id)
{
	struct siren *other;

	if (id > 7)
		return &pair[1];
	other = READ_ONCE(others[id]);
	return other ? other : &pair[1];
}

/* What is never NULL need not be an error pointer: the test is superfluous, no more. */
int siren_pass(struct siren *pair, struct siren **others)
{
	struct siren *next = siren_next(pair, others, 1);

	if (!next) // ok: err-ptr-confusion
		return -ENODEV;
	return next == pair;
}

struct horn {
	struct clk *clk;
};

static int horn_find(struct device *dev, struct horn *horn)
{
	if (!horn->clk) {
		horn->clk = devm_clk_get(dev, "horn"); // ok: err-ptr-confusion
		if (IS_ERR(horn->clk))
			return PTR_ERR(horn->clk);
	}
	return 0;
}

/* Nobody comes there again with this object. */
static int horn_probe(struct platform_device *pdev)
{
	struct horn *horn = devm_kzalloc(&pdev->dev, sizeof(*horn), GFP_KERNEL);

	return horn ? horn_find(&pdev->dev, horn) : -ENOMEM;
}

static struct platform_driver horn_driver = {
	.probe = horn_probe,
	.driver = { .name = "horn" },
};
module_platform_driver(horn_driver);

MODULE_LICENSE("GPL");
