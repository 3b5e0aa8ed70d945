namespace ImageScan.Core.Inventory;

/// <summary>The operating system that an image says it is (https://www.freedesktop.org/software/systemd/man/os-release.html).</summary>
/// <param name="Id">os-release ID, lower case: <c>debian</c>, <c>alpine</c>.</param>
/// <param name="VersionId">os-release VERSION_ID as written: <c>11</c>, <c>3.9.2</c>; "" for rolling releases.</param>
/// <param name="Name">PRETTY_NAME, for people; "" if there is none.</param>
/// <param name="Codename">VERSION_CODENAME; "" if there is none.</param>
public sealed record Distribution(string Id, string VersionId, string Name = "", string Codename = "");
