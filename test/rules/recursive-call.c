// fixture: descriptors that lead to each other.
#include <linux/types.h>
#include <linux/workqueue.h>

struct node {
	struct node *left;
	struct node *next;
	u32 length;
	struct work_struct work;
};

static u32 node_sum(const struct node *node)
{
	if (!node)
		return 0;
	return node->length + node_sum(node->next); // information: recursive-call "node_sum() calls itself: each turn takes kernel stack"
}

static void node_visit(struct node *node);

static void node_descend(struct node *node)
{
	if (node->left)
		node_visit(node->left); // information: recursive-call "node_descend() calls itself through node_visit()"
}

static void node_visit(struct node *node)
{
	node->length = node_sum(node->left); // ok: recursive-call
	node_descend(node); // related: recursive-call "node_descend() called here"
}

static void node_work(struct work_struct *work)
{
	struct node *node = container_of(work, struct node, work);

	node_visit(node); // ok: recursive-call
	queue_work(system_wq, &node->work); // ok: recursive-call
}

static void node_setup(struct node *node)
{
	INIT_WORK(&node->work, node_work);
}
