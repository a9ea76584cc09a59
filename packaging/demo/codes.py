"""Codes, names and normal ranges that the demo patients use."""

from __future__ import annotations

# LOINC code, English, 中文, unit, normal range
LAB = {
    "total_cholesterol": ("2093-3", "Total cholesterol", "总胆固醇", "mg/dL", None, 200),
    "hdl_cholesterol": ("2085-9", "HDL cholesterol", "高密度脂蛋白胆固醇", "mg/dL", 40, None),
    "ldl_cholesterol": ("13457-7", "LDL cholesterol, calculated", "低密度脂蛋白胆固醇", "mg/dL", None, 130),
    "triglycerides": ("2571-8", "Triglycerides", "甘油三酯", "mg/dL", None, 150),
    "hba1c": ("4548-4", "HbA1c", "糖化血红蛋白", "%", 4.0, 5.6),
    "glucose": ("2345-7", "Glucose, plasma", "血糖", "mg/dL", 70, 140),
    "fasting_glucose": ("1558-6", "Fasting glucose, plasma", "空腹血糖", "mg/dL", 70, 99),
    "creatinine": ("2160-0", "Creatinine", "肌酐", "mg/dL", 0.5, 1.1),
    "cystatin_c": ("33863-2", "Cystatin C", "胱抑素 C", "mg/L", 0.6, 1.0),
    "uacr": ("9318-7", "Albumin/creatinine in urine", "尿白蛋白/肌酐比值", "mg/g", None, 30),
    "albumin": ("1751-7", "Albumin", "白蛋白", "g/dL", 3.5, 5.0),
    "alkaline_phosphatase": ("6768-6", "Alkaline phosphatase", "碱性磷酸酶", "U/L", 35, 105),
    "ast": ("1920-8", "AST", "天冬氨酸氨基转移酶", "U/L", 13, 35),
    "alt": ("1742-6", "ALT", "丙氨酸氨基转移酶", "U/L", 7, 40),
    "ggt": ("2324-2", "GGT", "γ-谷氨酰转移酶", "U/L", 6, 42),
    "bilirubin_total": ("1975-2", "Bilirubin, total", "总胆红素", "mg/dL", 0.2, 1.2),
    "bun": ("3094-0", "Urea nitrogen", "尿素氮", "mg/dL", 7, 20),
    "uric_acid": ("3084-1", "Uric acid", "尿酸", "mg/dL", 2.6, 6.0),
    "sodium": ("2951-2", "Sodium", "钠", "mmol/L", 136, 145),
    "potassium": ("2823-3", "Potassium", "钾", "mmol/L", 3.5, 5.1),
    "crp": ("1988-5", "C-reactive protein", "C 反应蛋白", "mg/L", None, 5),
    "haemoglobin": ("718-7", "Haemoglobin", "血红蛋白", "g/dL", 12, 16),
    "wbc": ("6690-2", "White cells", "白细胞计数", "10*3/uL", 4.0, 10.5),
    "rbc": ("789-8", "Red cells", "红细胞计数", "10*6/uL", 3.9, 5.2),
    "mcv": ("787-2", "MCV", "平均红细胞体积", "fL", 80, 98),
    "rdw": ("788-0", "RDW", "红细胞分布宽度", "%", 11.5, 14.5),
    "lymphocytes_percent": ("736-9", "Lymphocytes, share", "淋巴细胞百分比", "%", 20, 45),
    "platelets": ("777-3", "Platelets", "血小板计数", "10*3/uL", 125, 350),
}
# SI codes and units of the same analytes.
SI = {
    "total_cholesterol": ("14647-2", "mmol/L", None, 5.2),
    "hdl_cholesterol": ("14646-4", "mmol/L", 1.0, None),
    "ldl_cholesterol": ("39469-2", "mmol/L", None, 3.4),
    "triglycerides": ("14927-8", "mmol/L", None, 1.7),
    "hba1c": ("4548-4", "%", 4.0, 6.0),
    "fasting_glucose": ("14771-0", "mmol/L", 3.9, 6.1),
    "creatinine": ("14682-9", "umol/L", 41, 81),
    "uacr": ("9318-7", "mg/g", None, 30),
    "albumin": ("1751-7", "g/L", 40, 55),
    "bilirubin_total": ("14631-6", "umol/L", 3, 21),
    "uric_acid": ("14933-6", "umol/L", 155, 357),
    "haemoglobin": ("718-7", "g/L", 115, 150),
    "wbc": ("6690-2", "10*9/L", 3.5, 9.5),
    "rbc": ("789-8", "10*12/L", 3.8, 5.1),
    "platelets": ("777-3", "10*9/L", 125, 350),
}
VITAL = {
    "weight": ("29463-7", "Body weight", "体重", "kg"),
    "height": ("8302-2", "Body height", "身高", "cm"),
    "waist": ("8280-0", "Waist circumference", "腰围", "cm"),
    "heart_rate": ("8867-4", "Heart rate", "心率", "/min"),
    "temperature": ("8310-5", "Body temperature", "体温", "Cel"),
}
SMOKING = {
    "never": ("266919005", "Never smoked tobacco", "从不吸烟"),
    "former": ("8517006", "Ex-smoker", "已戒烟"),
    "current": ("449868002", "Smokes tobacco daily", "每日吸烟"),
}
DISEASE = {
    "type 2 diabetes": ("44054006", "E11.9", "Type 2 diabetes mellitus", "2 型糖尿病"),
    "hypertension": ("59621000", "I10", "Essential hypertension", "原发性高血压"),
    "old infarction": ("1755008", "I25.2", "Old myocardial infarction", "陈旧性心肌梗死"),
    "coronary disease": ("53741008", "I25.1", "Coronary arteriosclerosis", "冠状动脉粥样硬化"),
    "hyperlipidaemia": ("55822004", "E78.5", "Hyperlipidaemia", "高脂血症"),
    "osteoarthritis": ("239873007", "M17.9", "Osteoarthritis of knee", "膝骨关节炎"),
    "breast mass": ("89164003", "N63", "Breast lump", "乳房肿块"),
    "chest pain": ("29857009", "R07.4", "Chest pain", "胸痛"),
}
# RxNorm ingredient, ATC
DRUG = {
    "amlodipine": ("17767", "C08CA01", "Amlodipine", "氨氯地平"),
    "metformin": ("6809", "A10BA02", "Metformin", "二甲双胍"),
    "lisinopril": ("29046", "C09AA03", "Lisinopril", "赖诺普利"),
    "ramipril": ("35296", "C09AA05", "Ramipril", "雷米普利"),
    "metoprolol": ("6918", "C07AB02", "Metoprolol", "美托洛尔"),
    "atorvastatin": ("83367", "C10AA05", "Atorvastatin", "阿托伐他汀"),
    "acetylsalicylic acid": ("1191", "B01AC06", "Acetylsalicylic acid", "阿司匹林"),
}
