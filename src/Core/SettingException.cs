namespace ImageScan.Core;

/// <summary>A setting that cannot be; the message names it, what it says and what it may say.</summary>
public sealed class SettingException(string message) : FormatException(message);
