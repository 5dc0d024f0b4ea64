// Maps the device in every way, reads and writes through the mapping, and touches what is not there.
import {
  ASSERT_TRUE,
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  EXPECT_TRUE,
  insmod,
  ioctl,
  MAP_PRIVATE,
  MAP_SHARED,
  mmap,
  munmap,
  O_RDONLY,
  O_RDWR,
  open,
  PROT_READ,
  PROT_WRITE,
  process,
  read,
  rmmod,
  SIGBUS,
  SIGSEGV,
  set_user_text,
  set_user_u32,
  test,
  user_buffer,
  user_text,
  user_u32,
  waitpid,
  write,
} from "driverlab/scenario";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EACCES, EAGAIN, EBADF, EFAULT, EINVAL, ENODEV } from "linux/errno";
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_LOCKED, VM_MIXEDMAP, VM_PFNMAP } from "linux/mm";
import type { UserPtr } from "linux/types";

const PAGE = 4096;
const RW = PROT_READ | PROT_WRITE;

/** The mapping of the driver's n-th way, from a page of it on. */
function mapped(fd: number, way: number, pages: number, first: number): UserPtr {
  const p = mmap(fd, pages * PAGE, RW, MAP_SHARED, (way * 16 + first) * PAGE);
  ASSERT_TRUE(!IS_ERR(p));
  return p as UserPtr;
}

function refused(fd: number, length: number, prot: number, flags: number, offset: number): number {
  const p = mmap(fd, length, prot, flags, offset);
  return IS_ERR(p) ? PTR_ERR(p) : 0;
}

/** How a process ends that does this. */
function ended(body: () => void): number {
  return waitpid(process("touches", body));
}

test("load", () => EXPECT_EQ(insmod(), 0));

test("frames", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const p = mapped(fd, 0, 1, 0);
  EXPECT_EQ(ioctl(fd, 8), VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
  EXPECT_EQ(ioctl(fd, 3), 0);
  EXPECT_STREQ(user_text(p, 64), "from the driver");
  set_user_text(p, "from the process");
  EXPECT_EQ(ioctl(fd, 4), 0);
  EXPECT_EQ(ioctl(fd, 5), 1);
  EXPECT_EQ(ioctl(fd, 7, p), 121);
  EXPECT_EQ(ioctl(fd, 8), VM_PFNMAP | VM_DONTEXPAND | VM_LOCKED);
  EXPECT_EQ(munmap(p, PAGE), 0);
  EXPECT_EQ(ioctl(fd, 1), 1);
  EXPECT_EQ(
    ended(() => {
      const own = open("/dev/mapped", O_RDWR);
      const three = mapped(own, 0, 3, 0);
      user_u32(three.add(2 * PAGE));
    }),
    SIGBUS,
  );
  close(fd);
});

test("a page that is inserted", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const p = mapped(fd, 1, 1, 0);
  EXPECT_EQ(ioctl(fd, 8), VM_MIXEDMAP);
  EXPECT_EQ(ioctl(fd, 5), 2);
  set_user_text(p, "from the process");
  EXPECT_EQ(ioctl(fd, 4), 0);
  munmap(p, PAGE);
  EXPECT_EQ(ioctl(fd, 5), 1);
  close(fd);
});

test("faults", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const p = mapped(fd, 2, 3, 0);
  const before = ioctl(fd, 2);
  EXPECT_EQ(ioctl(fd, 5), 1);
  EXPECT_EQ(user_u32(p), user_u32(p.add(PAGE)));
  set_user_u32(p.add(8), 77);
  EXPECT_EQ(user_u32(p.add(PAGE + 8)), 77);
  EXPECT_EQ(ioctl(fd, 2) - before, 20);
  EXPECT_EQ(ioctl(fd, 5), 3);
  EXPECT_EQ(
    ended(() => {
      const own = open("/dev/mapped", O_RDWR);
      const q = mapped(own, 2, 3, 0);
      set_user_u32(q, 1);
      set_user_u32(q.add(2 * PAGE), 1);
    }),
    SIGBUS,
  );
  EXPECT_EQ(ioctl(fd, 2) - before, 42);
  const closes = ioctl(fd, 1);
  // The page in the middle goes: what is left are two areas.
  EXPECT_EQ(munmap(p.add(PAGE), PAGE), 0);
  EXPECT_EQ(ioctl(fd, 1) - closes, 201);
  EXPECT_EQ(user_u32(p.add(8)), 77);
  EXPECT_EQ(ioctl(fd, 5), 2);
  close(fd);
  EXPECT_EQ(user_u32(p.add(8)), 77);
  EXPECT_EQ(rmmod(), -EAGAIN);
  const other = mapped(open("/dev/mapped", O_RDWR), 5, 1, 0);
  EXPECT_EQ(user_u32(other.add(8)), 77);
});

test("a private mapping is copied where it is written", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const shared = mapped(fd, 0, 1, 0);
  set_user_text(shared, "for all");
  const own = mmap(fd, PAGE, RW, MAP_PRIVATE, 0) as UserPtr;
  EXPECT_STREQ(user_text(own, 64), "for all");
  set_user_text(shared, "still for all");
  EXPECT_STREQ(user_text(own, 64), "still for all");
  set_user_u32(own.add(128), 5);
  set_user_text(shared, "no longer");
  EXPECT_STREQ(user_text(own, 64), "still for all");
  EXPECT_TRUE(user_u32(shared.add(128)) !== 5);
  munmap(shared, PAGE);
  // A page that the driver's handler gives is given back once it is copied.
  const before = ioctl(fd, 5);
  const faults = mmap(fd, PAGE, RW, MAP_PRIVATE, 2 * 16 * PAGE) as UserPtr;
  set_user_u32(faults.add(8), 99);
  EXPECT_EQ(ioctl(fd, 5), before);
  EXPECT_EQ(user_u32(faults.add(8)), 99);
  munmap(faults, PAGE);
  munmap(own, PAGE);
  close(fd);
});

test("vmalloc", () => {
  const fd = open("/dev/mapped", O_RDWR);
  EXPECT_EQ(ioctl(fd, 6), 0);
  const p = mapped(fd, 3, 1, 1);
  EXPECT_STREQ(user_text(p, 64), "second");
  EXPECT_EQ(refused(fd, 2 * PAGE, RW, MAP_SHARED, 3 * 16 * PAGE + PAGE), -EINVAL);
});

test("device memory", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const p = mapped(fd, 4, 1, 0);
  EXPECT_EQ(user_u32(p.add(0xfe0)), 0x04);
  set_user_u32(p.add(0x18), 1234);
  EXPECT_EQ(user_u32(p.add(0x18)), 1234);
  const q = mapped(fd, 7, 1, 0);
  EXPECT_EQ(read(fd, p, 4), -EFAULT);
  munmap(q, PAGE);
  EXPECT_EQ(refused(fd, 8 * PAGE, RW, MAP_SHARED, (7 * 16 + 15) * PAGE), -EINVAL);
});

test("a mapping as a buffer", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const p = mapped(fd, 2, 3, 0);
  EXPECT_EQ(read(fd, p.add(PAGE - 12), 20), 20);
  EXPECT_STREQ(user_text(p.add(PAGE - 12), 64), "copied");
  EXPECT_STREQ(user_text(p.add(PAGE + 4), 64), "raw");
  EXPECT_EQ(write(fd, p.add(PAGE - 4), 4), 0x21646e65);
  EXPECT_EQ(write(fd, p.add(2 * PAGE), 4), -EFAULT);
  EXPECT_EQ(read(fd, user_buffer(32), 20), 20);
});

test("what cannot be mapped", () => {
  const fd = open("/dev/mapped", O_RDWR);
  const reader = open("/dev/mapped", O_RDONLY);
  EXPECT_EQ(refused(99, PAGE, RW, MAP_SHARED, 0), -EBADF);
  EXPECT_EQ(refused(fd, 0, RW, MAP_SHARED, 0), -EINVAL);
  EXPECT_EQ(refused(fd, PAGE, RW, MAP_SHARED, 4), -EINVAL);
  EXPECT_EQ(refused(fd, PAGE, RW, 0, 0), -EINVAL);
  EXPECT_EQ(refused(fd, PAGE, RW, MAP_SHARED, 9 * 16 * PAGE), -EINVAL);
  EXPECT_EQ(refused(reader, PAGE, RW, MAP_SHARED, 0), -EACCES);
  EXPECT_EQ(refused(open("/dev/plain", O_RDWR), PAGE, RW, MAP_SHARED, 0), -ENODEV);
  EXPECT_EQ(refused(fd, PAGE, RW, MAP_SHARED, 8 * 16 * PAGE), -EINVAL);
  EXPECT_EQ(munmap(user_buffer(4).add(4), PAGE), -EINVAL);
});

test("what cannot be touched", () => {
  EXPECT_EQ(
    ended(() => {
      const p = mmap(open("/dev/mapped", O_RDONLY), PAGE, PROT_READ, MAP_SHARED, 0) as UserPtr;
      user_u32(p);
      set_user_u32(p, 1);
    }),
    SIGSEGV,
  );
  EXPECT_EQ(
    ended(() => {
      const p = mapped(open("/dev/mapped", O_RDWR), 1, 1, 0);
      user_u32(p.add(PAGE));
    }),
    SIGSEGV,
  );
  EXPECT_EQ(
    ended(() => {
      user_u32(user_buffer(4).add(0x100000));
    }),
    SIGSEGV,
  );
  EXPECT_EQ(
    ended(() => {
      user_u32(mapped(open("/dev/mapped", O_RDWR), 6, 1, 0));
    }),
    SIGBUS,
  );
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
