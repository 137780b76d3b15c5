//! Administrative divisions: the provinces, the cities of Hebei, and Qinhuangdao through the years.

use sea_orm::prelude::{Date, DateTimeUtc, Uuid};
use sea_orm_migration::prelude::*;

use crate::table::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables()).await?;
        seed(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<NewTable> {
    vec![record(
        "division",
        [
            text("code").unique(),
            text("name").indexed(),
            text("name_en").indexed(),
            text("level").indexed(),
            text("kind").indexed(),
            text("parent_code").optional().indexed(),
            text("successor_code").optional().indexed(),
            date("valid_from").indexed(),
            date("valid_to").optional().indexed(),
        ],
    )]
}

/// Fixed, so that every installation holds the same rows.
const SEEDED_AT: &str = "2026-11-22T00:00:00Z";

async fn seed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let seeded_at: DateTimeUtc = SEEDED_AT.parse().expect("an instant");
    let mut insert = Query::insert();
    insert.into_table("division").columns([
        "id",
        "division_code",
        "version",
        "created_at",
        "updated_at",
        "code",
        "name",
        "name_en",
        "level",
        "kind",
        "parent_code",
        "successor_code",
        "valid_from",
        "valid_to",
    ]);
    for division in DIVISIONS {
        insert.values_panic([
            id(division.code).into(),
            division.code.into(),
            1.into(),
            seeded_at.into(),
            seeded_at.into(),
            division.code.into(),
            division.name.into(),
            division.name_en.into(),
            division.level.into(),
            division.kind.into(),
            division.parent_code.into(),
            division.successor_code.into(),
            day(division.valid_from).into(),
            division.valid_to.map(day).into(),
        ]);
    }
    manager.execute(insert).await
}

/// A custom id (RFC 9562, version 8) that ends with the code: `676f6e67-7475-8000-8000-000000130302`.
fn id(code: &str) -> Uuid {
    const GONGTU: u128 = 0x676f_6e67_7475_8000_8000_0000_0000_0000;
    Uuid::from_u128(GONGTU | u128::from_str_radix(code, 16).expect("digits"))
}

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

struct Division {
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    level: &'static str,
    kind: &'static str,
    parent_code: Option<&'static str>,
    successor_code: Option<&'static str>,
    valid_from: &'static str,
    valid_to: Option<&'static str>,
}

const fn province(
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    valid_from: &'static str,
) -> Division {
    Division {
        code,
        name,
        name_en,
        level: "PROVINCE",
        kind: "GB_T_2260",
        parent_code: None,
        successor_code: None,
        valid_from,
        valid_to: None,
    }
}

/// A prefecture of Hebei.
const fn prefecture(
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    valid_from: &'static str,
) -> Division {
    let province = province(code, name, name_en, valid_from);
    Division { level: "PREFECTURE", parent_code: Some("130000"), ..province }
}

const fn county(
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    parent_code: &'static str,
    valid_from: &'static str,
) -> Division {
    let province = province(code, name, name_en, valid_from);
    Division { level: "COUNTY", parent_code: Some(parent_code), ..province }
}

impl Division {
    const fn statistical(self) -> Self {
        Self { kind: "STATISTICAL", ..self }
    }

    const fn until(self, valid_to: &'static str, successor_code: &'static str) -> Self {
        Self { successor_code: Some(successor_code), ..self.until_dissolved(valid_to) }
    }

    const fn until_dissolved(self, valid_to: &'static str) -> Self {
        Self { valid_to: Some(valid_to), ..self }
    }
}

/// Sources: GB/T 2260 by year since its first edition of 1980, hence days that are often the first or last of
/// a year; two codes of the National Bureau of Statistics.
const DIVISIONS: &[Division] = &[
    province("110000", "北京市", "Beijing Municipality", "1980-01-01"),
    province("120000", "天津市", "Tianjin Municipality", "1980-01-01"),
    province("130000", "河北省", "Hebei Province", "1980-01-01"),
    province("140000", "山西省", "Shanxi Province", "1980-01-01"),
    province("150000", "内蒙古自治区", "Inner Mongolia Autonomous Region", "1980-01-01"),
    province("210000", "辽宁省", "Liaoning Province", "1980-01-01"),
    province("220000", "吉林省", "Jilin Province", "1980-01-01"),
    province("230000", "黑龙江省", "Heilongjiang Province", "1980-01-01"),
    province("310000", "上海市", "Shanghai Municipality", "1980-01-01"),
    province("320000", "江苏省", "Jiangsu Province", "1980-01-01"),
    province("330000", "浙江省", "Zhejiang Province", "1980-01-01"),
    province("340000", "安徽省", "Anhui Province", "1980-01-01"),
    province("350000", "福建省", "Fujian Province", "1980-01-01"),
    province("360000", "江西省", "Jiangxi Province", "1980-01-01"),
    province("370000", "山东省", "Shandong Province", "1980-01-01"),
    province("410000", "河南省", "Henan Province", "1980-01-01"),
    province("420000", "湖北省", "Hubei Province", "1980-01-01"),
    province("430000", "湖南省", "Hunan Province", "1980-01-01"),
    province("440000", "广东省", "Guangdong Province", "1980-01-01"),
    province("450000", "广西壮族自治区", "Guangxi Zhuang Autonomous Region", "1980-01-01"),
    province("460000", "海南省", "Hainan Province", "1988-01-01"),
    province("500000", "重庆市", "Chongqing Municipality", "1997-01-01"),
    province("510000", "四川省", "Sichuan Province", "1980-01-01"),
    province("520000", "贵州省", "Guizhou Province", "1980-01-01"),
    province("530000", "云南省", "Yunnan Province", "1980-01-01"),
    province("540000", "西藏自治区", "Xizang Autonomous Region", "1980-01-01"),
    province("610000", "陕西省", "Shaanxi Province", "1980-01-01"),
    province("620000", "甘肃省", "Gansu Province", "1980-01-01"),
    province("630000", "青海省", "Qinghai Province", "1980-01-01"),
    province("640000", "宁夏回族自治区", "Ningxia Hui Autonomous Region", "1980-01-01"),
    province("650000", "新疆维吾尔自治区", "Xinjiang Uygur Autonomous Region", "1980-01-01"),
    province("710000", "台湾省", "Taiwan Province", "1980-01-01"),
    province("810000", "香港特别行政区", "Hong Kong Special Administrative Region", "1997-07-01"),
    province("820000", "澳门特别行政区", "Macao Special Administrative Region", "1999-12-20"),
    prefecture("130100", "石家庄市", "Shijiazhuang City", "1980-01-01"),
    prefecture("130200", "唐山市", "Tangshan City", "1980-01-01"),
    prefecture("130300", "秦皇岛市", "Qinhuangdao City", "1983-01-01"),
    prefecture("130400", "邯郸市", "Handan City", "1983-01-01"),
    prefecture("130500", "邢台市", "Xingtai City", "1983-01-01"),
    prefecture("130600", "保定市", "Baoding City", "1983-01-01"),
    prefecture("130700", "张家口市", "Zhangjiakou City", "1983-01-01"),
    prefecture("130800", "承德市", "Chengde City", "1983-01-01"),
    prefecture("130900", "沧州市", "Cangzhou City", "1983-01-01"),
    prefecture("131000", "廊坊市", "Langfang City", "1988-01-01"),
    prefecture("131100", "衡水市", "Hengshui City", "1996-01-01"),
    // Prefectures of old, which the old counties below belonged to.
    prefecture("132600", "承德地区", "Chengde Prefecture", "1980-01-01")
        .until("1992-12-31", "130800"),
    prefecture("132700", "唐山地区", "Tangshan Prefecture", "1980-01-01")
        .until("1982-12-31", "130200"),
    // Qinhuangdao. 130301 stands for all its districts in old ID numbers.
    county("130301", "市辖区", "Municipal Districts", "130300", "1983-01-01"),
    county("130302", "海港区", "Haigang District", "130300", "1983-01-01"),
    county("130303", "山海关区", "Shanhaiguan District", "130300", "1983-01-01"),
    county("130304", "北戴河区", "Beidaihe District", "130300", "1983-01-01"),
    // Divided among three districts in 1984, so that no one code succeeds it.
    county("130305", "郊区", "Suburban District", "130300", "1983-01-01")
        .until_dissolved("1983-12-31"),
    county("130306", "抚宁区", "Funing District", "130300", "2015-01-01"),
    // 青龙县 (Qinglong County) until 1985, under the same code.
    county("130321", "青龙满族自治县", "Qinglong Manchu Autonomous County", "130300", "1983-01-01"),
    county("130322", "昌黎县", "Changli County", "130300", "1983-01-01"),
    county("130323", "抚宁县", "Funing County", "130300", "1983-01-01")
        .until("2014-12-31", "130306"),
    county("130324", "卢龙县", "Lulong County", "130300", "1983-01-01"),
    // Valid from the day of the edition of the Bureau of Statistics they were read from.
    county(
        "130371",
        "秦皇岛市经济技术开发区",
        "Qinhuangdao Economic & Technological Development Zone",
        "130300",
        "2022-10-31",
    )
    .statistical(),
    county("130372", "北戴河新区", "Beidaihe New District", "130300", "2022-10-31").statistical(),
    // The same places before 1983.
    county("132621", "青龙县", "Qinglong County", "132600", "1980-01-01")
        .until("1982-12-31", "130321"),
    county("132701", "秦皇岛市", "Qinhuangdao City", "132700", "1980-01-01")
        .until("1982-12-31", "130300"),
    county("132702", "海港区", "Haigang District", "132700", "1980-01-01")
        .until("1982-12-31", "130302"),
    county("132703", "山海关区", "Shanhaiguan District", "132700", "1980-01-01")
        .until("1982-12-31", "130303"),
    county("132704", "北戴河区", "Beidaihe District", "132700", "1980-01-01")
        .until("1982-12-31", "130304"),
    county("132705", "郊区", "Suburban District", "132700", "1980-01-01")
        .until("1982-12-31", "130305"),
    county("132726", "昌黎县", "Changli County", "132700", "1980-01-01")
        .until("1982-12-31", "130322"),
    county("132727", "抚宁县", "Funing County", "132700", "1980-01-01")
        .until("1982-12-31", "130323"),
    county("132728", "卢龙县", "Lulong County", "132700", "1980-01-01")
        .until("1982-12-31", "130324"),
];
