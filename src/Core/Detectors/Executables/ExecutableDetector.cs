using ImageScan.Core.Detectors.Executables.Bundles;
using ImageScan.Core.Detectors.Executables.Formats;
using ImageScan.Core.Detectors.Executables.Go;
using ImageScan.Core.Detectors.Executables.KnownBinaries;
using ImageScan.Core.Detectors.Executables.Rust;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Executables;

/// <summary>
/// Reads programs and libraries (ELF, PE, Mach-O) for what they say of themselves: the modules of Go, the crates of Rust, the packages of a
/// .NET bundle, the version of well-known programs, and the libraries that they need.
/// </summary>
public sealed class ExecutableDetector : IPackageDetector
{
    /// <summary>Up to this size a program is held in memory and read as its headers say; a larger one is only searched through.</summary>
    internal const long MaxHeldBytes = 64L << 20;

    // The headers of ELF alone take 52.
    private const int MinBytes = 64;

    // The header of PE that says whether it is an assembly of .NET lies within, and so does the mark of UPX.
    private const int HeadBytes = 1024;

    public string Name => "executables";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Skims => true;

    /// <summary>Well-known programs are known by their names.</summary>
    public bool TellsMoreAt(string path, string readPath) => KnownBinaryTable.AsksMoreOf(path, readPath);

    public bool Wants(string path) => ExecutablePaths.MayBeExecutable(path);

    public bool Opens(LayerEntry entry) =>
        (entry.Kind == LayerEntryKind.HardLink || entry.Size >= MinBytes) && (entry.IsExecutable || ExecutablePaths.IsLibrary(entry.Path));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[..content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
        ExecutableMagic magic = ExecutableFile.MagicOf(head);
        if (magic == ExecutableMagic.None || (magic == ExecutableMagic.Pe && PeHeaders.IsManaged(head)))
        {
            return;
        }

        if (head.IndexOf("UPX!"u8) >= 0)
        {
            // https://github.com/upx/upx/blob/devel/src/conf.h: UPX_MAGIC.
            findings.Warn("It is packed by UPX; what is in it was not read.");
            return;
        }

        if (entry.Size > MaxHeldBytes)
        {
            new LargeExecutable(entry.Path, findings).Read(head, content, entry.Size);
            return;
        }

        using var body = HeldBody.Take(head, content, entry.Size, findings.Cancellation);
        foreach (ExecutableFile program in ExecutableFile.In(body.Memory))
        {
            Read(program, entry.Path, findings);
            if (findings.Packages.Count > 0)
            {
                // The programs of a universal file are one program, for several processors.
                return;
            }
        }
    }

    private static void Read(ExecutableFile program, string path, FileFindings findings)
    {
        if (NeededLibraries.Of(program) is { } libraries)
        {
            findings.Needs(libraries);
        }

        if (GoBuildInfo.FindIn(program) is { } buildInfo)
        {
            GoPackages.Read(buildInfo, path, findings);
        }

        CargoAuditable.Read(program, path, findings);
        SingleFileBundle.Read(program, path, findings);
        var known = new KnownBinaryReader(path);
        known.Take(program.Bytes.Span);
        known.Report(findings);
    }
}
