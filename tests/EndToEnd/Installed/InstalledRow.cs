namespace ImageScan.EndToEnd.Installed;

/// <summary>One line of an inventory: a package, where it is, and the instruction that brought it.</summary>
internal sealed record InstalledRow(string Type, string Name, string Version, string Path, string Instruction)
{
    public override string ToString() => $"{Type} {Name} {Version} in {Path} by {Instruction}";
}
