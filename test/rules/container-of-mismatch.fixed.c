// fixture: every member is there and is what the pointer points to.
#include <linux/container_of.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define GATE_COMMON(name) struct list_head name

struct gate {
	struct list_head node;
	struct work_struct open;
	struct timer_list close;
	struct {
		struct work_struct late;
	} inner;
	struct work_struct all[2];
	int level;
};

struct hedge {
	GATE_COMMON(link);
	int level;
};

int gate_exercise(struct work_struct *work, struct timer_list *timer, struct list_head *node, void *any);

static int gate_missing(struct work_struct *work)
{
	struct gate *gate = container_of(work, struct gate, open);

	return gate->level;
}

static int gate_other(struct timer_list *timer)
{
	struct gate *gate = container_of(timer, struct gate, close);

	return gate->level;
}

static int gate_listed(struct list_head *node)
{
	return list_entry(node, struct gate, node)->level;
}

static int gate_right(struct work_struct *work, struct list_head *node, void *any)
{
	struct gate *open = container_of(work, struct gate, open);
	struct gate *late = container_of(work, struct gate, inner.late);
	struct gate *one = container_of(work, struct gate, all[1]);
	struct gate *close = container_of(any, struct gate, close);
	struct hedge *hedge = list_entry(node, struct hedge, link);

	return open->level + late->level + one->level + close->level + hedge->level;
}

int gate_exercise(struct work_struct *work, struct timer_list *timer, struct list_head *node, void *any)
{
	return gate_missing(work) + gate_other(timer) + gate_listed(node) + gate_right(work, node, any);
}

MODULE_DESCRIPTION("Gate");
MODULE_LICENSE("GPL");
