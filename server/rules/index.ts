// Every rule there is, by id.
import { apiRemoved } from "./api-removed.ts";
import { atomicContextApi } from "./atomic-context-api.ts";
import { atomicPlainAccess } from "./atomic-plain-access.ts";
import { containerOfMismatch } from "./container-of-mismatch.ts";
import { dmaMisuse } from "./dma-misuse.ts";
import { doubleFree } from "./double-free.ts";
import { doubleLock } from "./double-lock.ts";
import { errPtrConfusion } from "./err-ptr-confusion.ts";
import { floatInKernel } from "./float-in-kernel.ts";
import { formatArguments } from "./format-arguments.ts";
import { gfpFlag } from "./gfp-flag.ts";
import { ignoredMustCheck } from "./ignored-must-check.ts";
import { infoLeakToUser } from "./info-leak-to-user.ts";
import { initExitSection } from "./init-exit-section.ts";
import { intOverflow } from "./int-overflow.ts";
import { intOverflowInAllocSize } from "./int-overflow-in-alloc-size.ts";
import { ioctlMismatch } from "./ioctl-mismatch.ts";
import { iomemDeref } from "./iomem-deref.ts";
import { irqRequestedBeforeReady } from "./irq-requested-before-ready.ts";
import { irqUnsafeLock } from "./irq-unsafe-lock.ts";
import { largeStack } from "./large-stack.ts";
import { libcInKernel } from "./libc-in-kernel.ts";
import { listDelInNonSafeIteration } from "./list-del-in-non-safe-iteration.ts";
import { listIteratorAfterLoop } from "./list-iterator-after-loop.ts";
import { lockOrderInversion } from "./lock-order-inversion.ts";
import { loneCallback } from "./lone-callback.ts";
import { missingCancel } from "./missing-cancel-on-remove.ts";
import { missingFopsOwner } from "./missing-fops-owner.ts";
import { missingModuleLicense } from "./missing-module-license.ts";
import { missingRelease } from "./missing-release-on-error-path.ts";
import { missingUnlock } from "./missing-unlock.ts";
import { printkWithoutLevel } from "./printk-without-level.ts";
import { raceUnsynchronised } from "./race-unsynchronised.ts";
import { rcuMisuse } from "./rcu-misuse.ts";
import { recursiveCall } from "./recursive-call.ts";
import { refcountLeak } from "./refcount-leak.ts";
import { registeredBeforeReady } from "./registered-before-ready.ts";
import type { Rule } from "./rule.ts";
import { sleepInAtomic } from "./sleep-in-atomic.ts";
import { uncheckedResult } from "./unchecked-result.ts";
import { uninitializedUse } from "./uninitialized-use.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { useAfterFree } from "./use-after-free.ts";
import { userCopyUncheckedLength } from "./user-copy-unchecked-length.ts";
import { userPointerDeref } from "./user-pointer-deref.ts";
import { waitWithoutTimeout } from "./wait-without-timeout.ts";
import { wrongCleanupOrder } from "./wrong-cleanup-order.ts";
import { wrongErrno } from "./wrong-errno.ts";

export const rules: readonly Rule[] = [
  apiRemoved,
  atomicContextApi,
  atomicPlainAccess,
  containerOfMismatch,
  dmaMisuse,
  doubleFree,
  doubleLock,
  errPtrConfusion,
  floatInKernel,
  formatArguments,
  gfpFlag,
  ignoredMustCheck,
  infoLeakToUser,
  initExitSection,
  intOverflow,
  intOverflowInAllocSize,
  ioctlMismatch,
  iomemDeref,
  irqRequestedBeforeReady,
  irqUnsafeLock,
  largeStack,
  libcInKernel,
  listDelInNonSafeIteration,
  listIteratorAfterLoop,
  lockOrderInversion,
  loneCallback,
  missingCancel,
  missingFopsOwner,
  missingModuleLicense,
  missingRelease,
  missingUnlock,
  printkWithoutLevel,
  raceUnsynchronised,
  rcuMisuse,
  recursiveCall,
  refcountLeak,
  registeredBeforeReady,
  sleepInAtomic,
  uncheckedResult,
  uninitializedUse,
  unusedSuppression,
  useAfterFree,
  userCopyUncheckedLength,
  userPointerDeref,
  waitWithoutTimeout,
  wrongCleanupOrder,
  wrongErrno,
];
