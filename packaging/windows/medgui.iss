; The Windows installer, for Inno Setup 6.3 or later; called by packaging/windows/installer.py, which hands over the defines.
; One file for both kinds of installation: for one user without any rights, or for all users of the computer.
;
;   medgui-X.Y.Z-windows-x64-setup.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART /ALLUSERS /TASKS="openwith,associate,path"
;
; It opens no connection and fetches nothing. What users made (settings, models of their own) lies in their own folders:
; neither an update nor the uninstaller touches it.

#if Ver < EncodeVer(6, 3, 0)
  #error Inno Setup 6.3 or later is needed
#endif
#ifndef Version
  #error Version is not defined
#endif
#ifndef Program
  #error Program is not defined
#endif
#ifndef Resources
  #error Resources is not defined
#endif
#ifndef Output
  #error Output is not defined
#endif

#define Name "medgui"
#define Publisher "The medgui maintainers"
#define Root AddBackslash(SourcePath) + "..\.."
; Fixed for ever: by it an update finds what it replaces.
#define AppGuid "{D97B2F1E-4C58-4E0B-9A57-2C6E8F0B1D34}"
; Later releases of Inno Setup bring this translation; earlier ones do not, and then our own, shorter one is taken.
#define ChineseFile "Languages\ChineseSimplified.isl"

[Setup]
AppId={{#AppGuid}
AppName={#Name}
AppVersion={#Version}
AppPublisher={#Publisher}
VersionInfoVersion={#Version}
VersionInfoProductName={#Name}
VersionInfoDescription={#Name} setup
VersionInfoCompany={#Publisher}
DefaultDirName={autopf}\{#Name}
DisableProgramGroupPage=yes
LicenseFile={#Root}\LICENSE
OutputDir={#Output}
OutputBaseFilename={#Name}-{#Version}-windows-x64-setup
SetupIconFile={#Resources}\medgui.ico
UninstallDisplayIcon={app}\medguiw.exe
UninstallDisplayName={#Name}
UninstallFilesDir={app}\uninstall
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
; The program is built for x64. Windows 11 on ARM runs it by emulation, which x64compatible allows; Windows 10 on ARM is refused.
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; Windows 10 version 1809, the oldest that Qt 6 supports.
MinVersion=10.0.17763
AllowNetworkDrive=no
AllowUNCPath=no
; A visit that is open is never cut off: while the program runs, nothing is installed or removed (medgui/system.py holds these).
AppMutex=medgui-is-running,Global\medgui-is-running
SetupMutex=medgui-setup,Global\medgui-setup
CloseApplications=yes
RestartApplications=no
SetupLogging=yes
ChangesAssociations=yes
ChangesEnvironment=yes
#ifdef Sign
SignTool=medguisign
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
#if FileExists(AddBackslash(CompilerPath) + ChineseFile)
Name: "zh"; MessagesFile: "compiler:{#ChineseFile}"
#else
Name: "zh"; MessagesFile: "compiler:Default.isl,zh.isl"
#endif

[CustomMessages]
en.FilesGroup=Files:
zh.FilesGroup=文件：
en.TaskOpenWith=Offer {#Name} under "Open with" for patient files (what opens them now stays)
zh.TaskOpenWith=在患者文件的“打开方式”中提供 {#Name}（不改变当前的默认程序）
en.TaskAssociate=Open HL7 messages and {#Name} updates with {#Name}
zh.TaskAssociate=用 {#Name} 打开 HL7 消息和 {#Name} 更新文件
en.TaskPath=Let the command "{#Name}" be found in a terminal
zh.TaskPath=允许在终端中使用 {#Name} 命令
en.TerminalGroup=Terminal:
zh.TerminalGroup=终端：
en.Newer=%1 of {#Name} is installed. This is the older %2; it would not read what the newer one has written, and is not installed.
zh.Newer=已安装 {#Name} %1。此安装程序为较旧的 %2，无法读取新版本写入的数据，因此不会安装。
en.Kept=The program was removed. Each user's settings and models stay in %1 and %2.
zh.Kept=程序已移除。各用户的设置和模型仍保留在 %1 和 %2 中。
en.Comment=Open a patient file and see explained results, offline
zh.Comment=离线打开患者文件，查看带解释的结果
en.PatientFile=Patient file
zh.PatientFile=患者文件
en.Hl7File=HL7 version 2 message
zh.Hl7File=HL7 第 2 版消息
en.UpdateFile={#Name} update
zh.UpdateFile={#Name} 更新文件

[Tasks]
Name: "openwith"; Description: "{cm:TaskOpenWith}"; GroupDescription: "{cm:FilesGroup}"
Name: "associate"; Description: "{cm:TaskAssociate}"; GroupDescription: "{cm:FilesGroup}"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "path"; Description: "{cm:TaskPath}"; GroupDescription: "{cm:TerminalGroup}"; Flags: unchecked

[InstallDelete]
; What an older version brought and this one does not; nothing of a user lies below the program's folder.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Program}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Root}\LICENSE"; DestDir: "{app}"; DestName: "LICENSE.txt"; Flags: ignoreversion
Source: "{#Root}\NOTICE"; DestDir: "{app}"; DestName: "NOTICE.txt"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\medguiw.exe"; AppUserModelID: "medgui.medgui"; Comment: "{cm:Comment}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\medguiw.exe"; AppUserModelID: "medgui.medgui"; Comment: "{cm:Comment}"; Tasks: desktopicon

[Registry]
; Kinds of files that medgui opens. The kinds are declared in any case; which ending leads to them is decided below.
Root: HKA; Subkey: "Software\Classes\medgui.patient"; ValueType: string; ValueData: "{cm:PatientFile}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\medgui.patient\DefaultIcon"; ValueType: string; ValueData: "{app}\medguiw.exe,0"
Root: HKA; Subkey: "Software\Classes\medgui.patient\shell\open\command"; ValueType: string; ValueData: """{app}\medguiw.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\medgui.hl7"; ValueType: string; ValueData: "{cm:Hl7File}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\medgui.hl7\DefaultIcon"; ValueType: string; ValueData: "{app}\medguiw.exe,0"
Root: HKA; Subkey: "Software\Classes\medgui.hl7\shell\open\command"; ValueType: string; ValueData: """{app}\medguiw.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\medgui.update"; ValueType: string; ValueData: "{cm:UpdateFile}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\medgui.update\DefaultIcon"; ValueType: string; ValueData: "{app}\medguiw.exe,0"
Root: HKA; Subkey: "Software\Classes\medgui.update\shell\open\command"; ValueType: string; ValueData: """{app}\medguiw.exe"" ""%1"""
; The program itself, for "Open with", for Win+R, and for the page of default programs in the settings of Windows.
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "{#Name}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\shell\open\command"; ValueType: string; ValueData: """{app}\medguiw.exe"" ""%1"""
Root: HKA; Subkey: "Software\Microsoft\Windows\CurrentVersion\App Paths\medgui.exe"; ValueType: string; ValueData: "{app}\medgui.exe"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\medgui"; Flags: uninsdeletekeyifempty
Root: HKA; Subkey: "Software\medgui\Capabilities"; ValueType: string; ValueName: "ApplicationName"; ValueData: "{#Name}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\medgui\Capabilities"; ValueType: string; ValueName: "ApplicationDescription"; ValueData: "{cm:Comment}"
Root: HKA; Subkey: "Software\medgui\Capabilities"; ValueType: string; ValueName: "ApplicationIcon"; ValueData: "{app}\medguiw.exe,0"
Root: HKA; Subkey: "Software\RegisteredApplications"; ValueType: string; ValueName: "medgui"; ValueData: "Software\medgui\Capabilities"; Flags: uninsdeletevalue
; Endings that belong to others: medgui is offered beside them and takes none over.
Root: HKA; Subkey: "Software\Classes\.xml\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".xml"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".xml"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.json\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".json"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".json"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.ndjson\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".ndjson"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".ndjson"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.csv\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".csv"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".csv"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.tsv\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".tsv"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".tsv"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.xlsx\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".xlsx"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".xlsx"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.dcm\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".dcm"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".dcm"; ValueData: "medgui.patient"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.vcf\OpenWithProgids"; ValueType: string; ValueName: "medgui.patient"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\Applications\medguiw.exe\SupportedTypes"; ValueType: string; ValueName: ".vcf"; ValueData: ""; Tasks: openwith
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".vcf"; ValueData: "medgui.patient"; Tasks: openwith
; HL7 messages: offered always, taken only where nothing else opens them. Who has the ending then is looked at again
; before it is given back ([Code]).
Root: HKA; Subkey: "Software\Classes\.hl7\OpenWithProgids"; ValueType: string; ValueName: "medgui.hl7"; ValueData: ""; Flags: uninsdeletevalue; Tasks: associate
Root: HKA; Subkey: "Software\Classes\.hl7"; ValueType: string; ValueData: "medgui.hl7"; Tasks: associate; Check: Hl7IsFree
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".hl7"; ValueData: "medgui.hl7"; Tasks: associate
; Updates are nobody's but ours.
Root: HKA; Subkey: "Software\Classes\.medgui-update"; ValueType: string; ValueData: "medgui.update"; Flags: uninsdeletekey; Tasks: associate
Root: HKA; Subkey: "Software\medgui\Capabilities\FileAssociations"; ValueType: string; ValueName: ".medgui-update"; ValueData: "medgui.update"; Tasks: associate

[Run]
Filename: "{app}\medguiw.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent unchecked

[Code]
const
  MachineEnvironment = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment';
  UserEnvironment = 'Environment';
  UninstallKey = 'Software\Microsoft\Windows\CurrentVersion\Uninstall\{#AppGuid}_is1';

// Versions are compared as four numbers; ours have three.
function FourParts(const Version: String): String;
var
  I, Dots: Integer;
begin
  Result := Version;
  Dots := 0;
  for I := 1 to Length(Version) do
    if Version[I] = '.' then
      Dots := Dots + 1;
  for I := Dots to 2 do
    Result := Result + '.0';
end;

function IsNewer(const Installed: String): Boolean;
var
  Theirs, Ours: Int64;
begin
  Result := False;
  if StrToVersion(FourParts(Installed), Theirs) and StrToVersion(FourParts('{#Version}'), Ours) then
    Result := ComparePackedVersion(Theirs, Ours) > 0;
end;

// A newer program may have written what this one cannot read. For one user alone, what is installed for all counts too.
function InitializeSetup: Boolean;
var
  Installed: String;
begin
  Result := True;
  if RegQueryStringValue(HKA, UninstallKey, 'DisplayVersion', Installed) and IsNewer(Installed) then
    Result := False
  else if RegQueryStringValue(HKLM, UninstallKey, 'DisplayVersion', Installed) and IsNewer(Installed) then
    Result := False;
  if not Result then
  begin
    Log('Refused: version ' + Installed + ' is installed and newer.');
    if not WizardSilent then
      MsgBox(FmtMessage(CustomMessage('Newer'), [Installed, '{#Version}']), mbCriticalError, MB_OK);
  end;
end;

function Hl7IsFree: Boolean;
var
  Owner: String;
begin
  Result := True;
  if RegQueryStringValue(HKCR, '.hl7', '', Owner) then
    Result := (Owner = '') or (Owner = 'medgui.hl7');
end;

function EnvironmentKey: String;
begin
  if IsAdminInstallMode then
    Result := MachineEnvironment
  else
    Result := UserEnvironment;
end;

function WithoutFolder(const Path, Folder: String): String;
var
  Rest, Part: String;
  Place: Integer;
begin
  Result := '';
  Rest := Path + ';';
  Place := Pos(';', Rest);
  while Place > 0 do
  begin
    Part := Copy(Rest, 1, Place - 1);
    Delete(Rest, 1, Place);
    if (Part <> '') and (CompareText(RemoveBackslash(Part), Folder) <> 0) then
    begin
      if Result <> '' then
        Result := Result + ';';
      Result := Result + Part;
    end;
    Place := Pos(';', Rest);
  end;
end;

// Puts the program's folder at the end of PATH or takes it away; the rest stays as it is. A PATH that cannot be read is
// never written: that would lose it.
procedure KeepInPath(const Wanted: Boolean);
var
  Folder, Before, After: String;
begin
  Folder := RemoveBackslash(ExpandConstant('{app}'));
  Before := '';
  if RegValueExists(HKA, EnvironmentKey, 'Path') then
    if not RegQueryStringValue(HKA, EnvironmentKey, 'Path', Before) then
    begin
      Log('PATH cannot be read; it stays as it is.');
      Exit;
    end;
  if (Pos(';' + Lowercase(Folder) + ';', ';' + Lowercase(Before) + ';') > 0) = Wanted then
    Exit;
  After := WithoutFolder(Before, Folder);
  if Wanted then
  begin
    if After <> '' then
      After := After + ';';
    After := After + Folder;
  end;
  if not RegWriteExpandStringValue(HKA, EnvironmentKey, 'Path', After) then
    Log('PATH cannot be written.');
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if CurStep = ssPostInstall then
    KeepInPath(WizardIsTaskSelected('path'));
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Owner: String;
begin
  if CurUninstallStep = usPostUninstall then
  begin
    KeepInPath(False);
    if RegQueryStringValue(HKA, 'Software\Classes\.hl7', '', Owner) and (Owner = 'medgui.hl7') then
      RegDeleteValue(HKA, 'Software\Classes\.hl7', '');
  end
  else if (CurUninstallStep = usDone) and not UninstallSilent then
    MsgBox(FmtMessage(CustomMessage('Kept'), ['%APPDATA%\medgui', '%LOCALAPPDATA%\medgui']), mbInformation, MB_OK);
end;
