// fixture: members that a struct does not have, or that are something else.
#include <linux/container_of.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define GATE_COMMON(name) struct list_head name

struct gate { // related: container-of-mismatch "struct gate is defined here"
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
	struct gate *gate = container_of(work, struct gate, opened); // error: container-of-mismatch "struct gate has no member `opened`"

	return gate->level;
}

static int gate_other(struct timer_list *timer)
{
	struct gate *gate = container_of(timer, struct gate, open); // error: container-of-mismatch "`open` of struct gate is a struct work_struct, and the pointer points to a struct timer_list"

	return gate->level;
}

static int gate_listed(struct list_head *node)
{
	return list_entry(node, struct gate, link)->level; // error: container-of-mismatch "list_entry() finds no container"
}

static int gate_right(struct work_struct *work, struct list_head *node, void *any)
{
	struct gate *open = container_of(work, struct gate, open); // ok: container-of-mismatch
	struct gate *late = container_of(work, struct gate, inner.late); // ok: container-of-mismatch
	struct gate *one = container_of(work, struct gate, all[1]); // ok: container-of-mismatch
	struct gate *close = container_of(any, struct gate, close); // ok: container-of-mismatch
	struct hedge *hedge = list_entry(node, struct hedge, link); // ok: container-of-mismatch

	return open->level + late->level + one->level + close->level + hedge->level;
}

int gate_exercise(struct work_struct *work, struct timer_list *timer, struct list_head *node, void *any)
{
	return gate_missing(work) + gate_other(timer) + gate_listed(node) + gate_right(work, node, any);
}

MODULE_DESCRIPTION("Gate");
MODULE_LICENSE("GPL");
