//! The service as bytes, headers and messages, for tests of the transports.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use gongtu::database::Transaction;
use reqwest::header::HeaderMap;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::support::{Client, TestApp, on_postgres};

pub const CREATE: &str = r#"mutation {
    workerCreate(input: { name: "王芳", divisionCode: "130302" }) { worker { name } }
}"#;

pub fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

pub fn bearer(client: &Client) -> String {
    format!("Bearer {}", client.token.as_deref().unwrap_or_default())
}

pub fn body_of(query: &str) -> String {
    json!({ "query": query }).to_string()
}

/// An answer: its status, its headers and its body.
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answered {
    pub async fn from(response: reqwest::Response) -> Answered {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answered { status, headers, text: response.text().await.unwrap() }
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let mut json: Value =
            serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text));
        // What is left to a caller is another each time: without it answers can be compared.
        json.as_object_mut().map(|it| it.remove("extensions"));
        json
    }

    #[track_caller]
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

impl TestApp {
    pub fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    pub fn endpoint(&self) -> String {
        format!("{}/graphql", self.url)
    }

    pub async fn at(&self, path: &str) -> Answered {
        Answered::from(self.http.get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }

    /// A query of nobody's, as a client of the newer media type sends it.
    pub async fn query(&self, query: &str) -> Answered {
        self.send(body_of(query), &[]).await
    }

    /// A body as it is. A header that is given takes the place of the usual one; an empty one is
    /// left out.
    pub async fn send(&self, body: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> Answered {
        let mut all = vec![
            ("content-type", "application/json"),
            ("accept", "application/graphql-response+json"),
        ];
        all.retain(|(name, _)| !headers.iter().any(|(it, _)| it == name));
        all.extend(headers);
        let request = self.http.post(self.endpoint()).body(body.into());
        let request = all
            .iter()
            .filter(|(_, it)| !it.is_empty())
            .fold(request, |request, (name, value)| request.header(*name, *value));
        Answered::from(request.send().await.unwrap()).await
    }

    /// Sends an operation, and hangs up before it can be done.
    pub async fn hang_up(&self, client: &Client, query: &str) {
        let request = self.http.post(self.endpoint()).json(&json!({ "query": query }));
        let request = request.header("authorization", bearer(client)).timeout(seconds(0.4));
        assert!(request.send().await.is_err(), "it was done too soon");
    }

    /// Writes bytes to a connection of its own; reads until the service closes it or the time is
    /// over.
    pub async fn raw(&self, bytes: &[u8], patience: Duration) -> String {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let mut read = Vec::new();
        let _ = tokio::time::timeout(patience, stream.read_to_end(&mut read)).await;
        String::from_utf8_lossy(&read).into_owned()
    }

    pub async fn socket(&self, headers: &[(&'static str, &str)]) -> Result<Socket, Error> {
        let mut request = self.endpoint().replace("http://", "ws://").into_client_request()?;
        let all = [("sec-websocket-protocol", "graphql-transport-ws")];
        for (name, value) in all.iter().chain(headers) {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Ok(Socket(connect_async(request).await?.0))
    }

    /// A socket that has been greeted.
    pub async fn opened(&self, client: &Client) -> Socket {
        let mut socket = self.socket(&[("authorization", &bearer(client))]).await.unwrap();
        socket.send(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Keeps mutations of workers waiting until it is rolled back.
    pub async fn hold_writes(&self) -> Transaction {
        // On SQLite it is the one writer.
        let transaction = self.app.shared().database.begin().await.unwrap();
        if on_postgres() {
            let lock = "LOCK TABLE worker IN EXCLUSIVE MODE";
            transaction.execute_unprepared(lock).await.unwrap();
        }
        transaction
    }

    /// Keeps queries of workers waiting until it is dropped.
    pub async fn hold_reads(&self) -> Vec<Transaction> {
        let database = &self.app.shared().database;
        if on_postgres() {
            let transaction = database.begin().await.unwrap();
            let lock = "LOCK TABLE worker IN ACCESS EXCLUSIVE MODE";
            transaction.execute_unprepared(lock).await.unwrap();
            return vec![transaction];
        }
        let mut readers = Vec::new();
        for _ in 0..8 {
            readers.push(database.read().begin().await.unwrap());
        }
        readers
    }

    /// Waits until so many workers are there.
    pub async fn workers(&self, count: i64) {
        for _ in 0..100 {
            if self.count("SELECT COUNT(*) FROM worker").await == count {
                return;
            }
            tokio::time::sleep(seconds(0.05)).await;
        }
        panic!("not {count} workers in 5 s");
    }

    /// Changes on record that take megabytes to tell by the subscription it answers.
    pub async fn flood(&self, client: &Client) -> String {
        let summary = "情".repeat(4_000);
        let input = json!({
            "caseNo": "TEST-1", "category": "UNPAID_WAGE", "channel": "WALK_IN",
            "divisionCode": "130302", "ground": "G5", "registeredOn": "2024-01-02",
            "title": "案件", "summary": summary,
        });
        let case = client.done("disputeCaseRegister", "disputeCase { id }", input).await;
        let id = &case["disputeCase"]["id"];
        for version in 1..8 {
            let input = json!({
                "id": id, "expectedVersion": version, "title": format!("案件{version}"),
            });
            client.done("disputeCaseUpdate", "disputeCase { id }", input).await;
        }
        let texts: String = (0..FLOOD_ALIASES).map(|it| format!("s{it}: summary ")).collect();
        format!(
            "subscription {{ changes(after: \"\") {{ node {{ ... on DisputeCase {{ {texts} }} }} \
             }} }}"
        )
    }
}

/// One event of a flood is about 2.4 MB: eight are more than two kernels keep for a reader.
pub const FLOOD_ALIASES: u64 = 200;

/// A graphql-transport-ws socket, message by message.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn send(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    pub async fn text(&mut self, message: impl Into<String>) {
        self.0.send(Message::text(message.into())).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// The next message; `{"close": code}` when the service closes.
    pub async fn next(&mut self) -> Value {
        let wait = Duration::from_secs(20);
        loop {
            match tokio::time::timeout(wait, self.0.next()).await.expect("no message in time") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(frame))) => {
                    return json!({ "close": frame.map_or(0, |it| u16::from(it.code)) });
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return json!({ "close": null }),
            }
        }
    }

    /// The code with which the service closes, whatever it says before.
    pub async fn close_code(&mut self) -> Value {
        let closed = async {
            loop {
                let message = self.next().await;
                if let Some(code) = message.get("close") {
                    return code.clone();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), closed).await.expect("not closed in time")
    }
}
