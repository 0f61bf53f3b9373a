//! Jobs: `batch/v1`.

use super::{Message, core, message, meta, number, pods, text, time, truth};

/// `Job`.
pub static JOB: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &JOB_SPEC),
    message(3, "status", &JOB_STATUS),
]);

/// `JobSpec`.
pub static JOB_SPEC: Message = Message(&[
    number(1, "parallelism"),
    number(2, "completions"),
    message(4, "selector", &meta::LABEL_SELECTOR),
    message(6, "template", &pods::POD_TEMPLATE_SPEC),
]);

/// `JobStatus`.
pub static JOB_STATUS: Message = Message(&[
    message(1, "conditions", &meta::PROBED_CONDITION).list(),
    time(2, "startTime"),
    time(3, "completionTime"),
    number(5, "succeeded").or_absent(),
    number(6, "failed").or_absent(),
]);

/// `CronJob`.
pub static CRON_JOB: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &CRON_JOB_SPEC),
    message(3, "status", &CRON_JOB_STATUS),
]);

/// `CronJobSpec`.
pub static CRON_JOB_SPEC: Message = Message(&[
    text(1, "schedule"),
    truth(4, "suspend"),
    message(5, "jobTemplate", &JOB_TEMPLATE_SPEC),
    text(8, "timeZone"),
]);

/// `JobTemplateSpec`.
pub static JOB_TEMPLATE_SPEC: Message = Message(&[message(2, "spec", &JOB_SPEC)]);

/// `CronJobStatus`.
pub static CRON_JOB_STATUS: Message =
    Message(&[message(1, "active", &core::OBJECT_REFERENCE).list(), time(4, "lastScheduleTime")]);
