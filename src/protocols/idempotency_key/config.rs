//! What the protocol is called and what can be chosen.

use super::words::Verdict;
use crate::protocol::plain::{
    choice, joined, lifetime, message, phase, record, refusal, refused, role, switch, timer,
};
use crate::protocol::{Meta, NodeId, ParamKind, ParamSpec, Params, Style};
use crate::protocols::client::{self, Ask, Code, Manner};

pub mod param {
    pub const PRESET: usize = 0;
    pub const HANDLER: usize = 1;
    pub const FAILURES: usize = 2;
    pub const FINGERPRINT: usize = 3;
    pub const SCOPE: usize = 4;
    pub const TTL: usize = 5;
    pub const CLIENTS: usize = 6;
    /// Keys, tries and only the same: what clients are like.
    pub const MANNER: [usize; 3] = [7, 8, 9];
}

pub const CLIENT: u8 = 0;
pub const SERVICE: u8 = 1;

/// Whose service it is like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preset {
    Draft,
    StripeV1,
    StripeV2,
    Powertools,
    TigerBeetle,
}

impl Preset {
    /// Whether a request without a key is carried out all the same, with nothing written down about it.
    pub fn keys_are_optional(self) -> bool {
        matches!(self, Preset::StripeV1 | Preset::StripeV2 | Preset::Powertools)
    }

    /// The word for an answer.
    pub fn word(self, code: Code) -> Verdict {
        match (self, code) {
            (Preset::StripeV1 | Preset::StripeV2, Code::Unprocessable) => Verdict::IdempotencyError,
            (Preset::StripeV1 | Preset::StripeV2, Code::Conflict) => Verdict::KeyInUse,
            (Preset::Powertools, Code::Unprocessable) => Verdict::ValidationError,
            (Preset::Powertools, Code::Conflict) => Verdict::AlreadyInProgress,
            _ => Verdict::Status,
        }
    }

    /// Where a client stands, in the same words.
    pub fn phase(self, phase: &'static str) -> &'static str {
        match (self, phase) {
            (Preset::StripeV1 | Preset::StripeV2, "saw-422") => "saw-idempotency-error",
            (Preset::StripeV1 | Preset::StripeV2, "saw-409") => "saw-key-in-use",
            (Preset::Powertools, "saw-422") => "saw-validation-error",
            (Preset::Powertools, "saw-409") => "saw-already-in-progress",
            (Preset::TigerBeetle, "saw-400") => "saw-refused",
            (Preset::TigerBeetle, "saw-422") => "saw-different",
            (Preset::TigerBeetle, "saw-500") => "saw-failed",
            (_, phase) => phase,
        }
    }
}

/// How the first runs go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handler {
    Well,
    /// 500, and nothing happened.
    FailsBefore,
    /// 500, and it happened.
    FailsAfter,
    /// What is asked for first is not valid; something else would be.
    Invalid,
}

/// When the request is compared with the one that the key stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    First,
    /// Only when there is an answer to give.
    Last,
    Never,
}

pub static META: Meta = Meta {
    id: "idempotency-key",
    source: "IETF draft Idempotency-Key 07; Stripe; AWS Powertools; TigerBeetle",
    family: "requests",
    roles: &[role("client", false), role("service", true)],
    messages: &[
        message("request", "R", Style::Request),
        message("ok", "=", Style::Decision),
        refusal("400", "4", Style::Ack),
        refusal("409", "9", Style::Ack),
        refusal("422", "2", Style::Ack),
        refusal("500", "5", Style::Ack),
        refusal("503", "3", Style::Ack),
        refusal("idempotency_error", "4", Style::Ack),
        refusal("idempotency_key_in_use", "9", Style::Ack),
        refusal("IdempotencyValidationError", "2", Style::Ack),
        refusal("IdempotencyAlreadyInProgressError", "9", Style::Ack),
        message("created", "=", Style::Decision),
        message("exists", "=", Style::Decision),
        refusal("exists_with_different", "2", Style::Ack),
        refusal("exceeds_credits", "5", Style::Ack),
        refusal("id_already_failed", "5", Style::Ack),
        refusal("ledger_must_not_be_zero", "4", Style::Ack),
        refusal("id_must_not_be_zero", "4", Style::Ack),
    ],
    records: &[
        record("intent"),
        record("restart"),
        record("claim"),
        record("charge"),
        record("answer"),
        record("failed"),
        record("delete"),
        record("charge+id"),
        record("failed-id"),
        record("forget"),
    ],
    timers: &[
        timer("work-1", true),
        timer("work-2", true),
        timer("work-3", true),
        timer("in-progress", false),
        lifetime("ttl"),
    ],
    verbs: &client::VERBS,
    phases: joined!(
        client::PHASES,
        [
            phase("idle"),
            phase("working"),
            refused("saw-refused"),
            refused("saw-failed"),
            refused("saw-different"),
            refused("saw-idempotency-error"),
            refused("saw-key-in-use"),
            refused("saw-validation-error"),
            refused("saw-already-in-progress"),
        ]
    ),
    params: &[
        choice("preset", &["draft", "stripe-v1", "stripe-v2", "powertools", "tigerbeetle"], 0),
        choice("handler", &["ok", "fails-before", "fails-after", "invalid"], 0),
        ParamSpec { key: "failures", kind: ParamKind::Limit(3), default: 1, group: "protocol" },
        choice("fingerprint", &["first", "last", "never"], 0),
        switch("scope", true),
        switch("ttl", false),
        client::CLIENTS,
        client::KEYS,
        client::TRIES,
        client::SAME,
    ],
    properties: &["once", "answers", "wal", "alarm"],
    rules: &[],
    retries: Some(&client::retries(&["preset", "handler", "failures", "keys"])),
    conflict: |params| {
        let config = Config(params);
        match config.preset() {
            Preset::TigerBeetle if config.handler() == Handler::FailsAfter => {
                Some("idempotency-key.conflict.one-transaction")
            }
            Preset::TigerBeetle if params.on(param::TTL) => Some("idempotency-key.conflict.kept"),
            _ => None,
        }
    },
};

#[derive(Clone, Copy)]
pub struct Config<'a>(pub &'a Params);

impl Config<'_> {
    pub fn preset(self) -> Preset {
        let all =
            [Preset::Draft, Preset::StripeV1, Preset::StripeV2, Preset::Powertools, Preset::TigerBeetle];
        all[usize::from(self.0.get(param::PRESET))]
    }

    pub fn handler(self) -> Handler {
        let all = [Handler::Well, Handler::FailsBefore, Handler::FailsAfter, Handler::Invalid];
        all[usize::from(self.0.get(param::HANDLER))]
    }

    /// Whether the run with this number, from 1, fails.
    pub fn fails(self, run: u8) -> bool {
        matches!(self.handler(), Handler::FailsBefore | Handler::FailsAfter)
            && u16::from(run) <= self.0.get(param::FAILURES)
    }

    /// Whether the input of this request is refused.
    pub fn refuses(self, ask: &Ask) -> bool {
        self.handler() == Handler::Invalid && ask.body == 1
    }

    pub fn compare(self) -> Compare {
        [Compare::First, Compare::Last, Compare::Never][usize::from(self.0.get(param::FINGERPRINT))]
    }

    pub fn clients(self) -> u16 {
        self.0.get(param::CLIENTS)
    }

    pub fn manner(self) -> Manner {
        Manner::of(self.0, param::MANNER, NodeId(self.clients() as u8))
    }
}
