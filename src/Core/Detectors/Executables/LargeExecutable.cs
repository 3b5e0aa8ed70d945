using System.Buffers;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Detectors.DotNet;
using ImageScan.Core.Detectors.Executables.Bundles;
using ImageScan.Core.Detectors.Executables.Formats;
using ImageScan.Core.Detectors.Executables.Go;
using ImageScan.Core.Detectors.Executables.KnownBinaries;
using ImageScan.Core.Detectors.Executables.Rust;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Executables;

/// <summary>
/// Searches a program that is too large to be held, once, forward, for the marks by which things are known. Only its front and what follows a
/// mark is kept. What is there and cannot be read so, is said.
/// </summary>
internal sealed class LargeExecutable(string path, FileFindings findings)
{
    // The names for the dynamic linker stand in front; node has five MiB of them.
    private const int FrontBytes = 16 << 20;
    private const int MaxGoBytes = 4 << 20;
    private const int MaxDepsJsonBytes = 8 << 20;
    private const int MaxMatches = 64;

    // In the table of names of ELF's sections, at the end of the file.
    private static readonly byte[] CrateSection = [0, .. Encoding.ASCII.GetBytes(CargoAuditable.SectionName), 0];

    private readonly KnownBinaryReader _known = new(path);
    private readonly Kept _goHeader = new(MaxGoBytes);
    private readonly Kept _goModules = new(MaxGoBytes);
    private readonly Kept _depsJson = new(MaxDepsJsonBytes);
    private readonly Kept _dynamic = new(NeededLibraries.MaxTableBytes);
    private bool _hasOldGoHeader;
    private bool _hasCrates;
    private bool _isBundle;

    /// <summary>Reads it to its end.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="content">The rest.</param>
    /// <param name="size">All bytes of it, more than 16 MiB.</param>
    public void Read(ReadOnlySpan<byte> head, Stream content, long size)
    {
        using var front = HeldBody.Take(head, content, FrontBytes, findings.Cancellation);
        IReadOnlyList<ExecutableFile> programs = ExecutableFile.In(front.Memory);
        DynamicTable? table = programs.Count > 0 ? programs[0].Dynamic : null;
        var pieces = new FilePieces(front.Memory, content);
        while (pieces.MoveNext())
        {
            foreach (Kept kept in (ReadOnlySpan<Kept>)[_goHeader, _goModules, _depsJson])
            {
                kept.GoOn(pieces.Fresh);
            }

            _dynamic.TakeFrom(pieces.Fresh, pieces.FreshStart, table);
            Search(pieces);
        }

        Report(programs, size);
    }

    private void Search(FilePieces pieces)
    {
        _known.Take(pieces.WithMargins);
        foreach (int at in pieces.Find(GoBuildInfo.Magic, MaxMatches))
        {
            TakeGoHeader(pieces, at);
        }

        foreach (int at in pieces.Find(GoBuildInfo.ModulesStart, 1))
        {
            _goModules.Start(pieces.From(at));
        }

        foreach (int at in pieces.Find(SingleFileBundle.Signature, 1))
        {
            _isBundle |= SingleFileBundle.ListBefore(pieces.Window, at) > 0;
        }

        foreach (int at in _isBundle ? pieces.Find("\"runtimeTarget\""u8, 1) : [])
        {
            int start = pieces.Window[..at].LastIndexOf((byte)'{');
            if (start >= 0 && pieces.Window[(start + 1)..at].IndexOfAnyExcept(" \t\r\n"u8) < 0)
            {
                _depsJson.Start(pieces.From(start));
            }
        }

        _hasCrates |= pieces.Find(CrateSection, 1).Count > 0;
    }

    private void TakeGoHeader(FilePieces pieces, int at)
    {
        if ((pieces.WindowStart + at) % GoBuildInfo.Alignment != 0)
        {
            return;
        }

        ReadOnlySpan<byte> fromHeader = pieces.From(at);
        if (GoBuildInfo.IsInlineHeader(fromHeader))
        {
            _goHeader.Start(fromHeader);
        }
        else
        {
            _hasOldGoHeader |= GoBuildInfo.IsPointerHeader(fromHeader);
        }
    }

    private void Report(IReadOnlyList<ExecutableFile> programs, long size)
    {
        if (programs is [{ Dynamic: not null } file, ..])
        {
            findings.Needs(NeededLibraries.Of(file, _dynamic.Bytes));
        }

        ReportGo();
        _known.Report(findings);
        if (_hasCrates || programs.Any(program => program.Sections.Any(section => section.Name == CargoAuditable.SectionName)))
        {
            findings.Warn($"Its list of crates (section {CargoAuditable.SectionName}) was not read: the program of {size} bytes is too large.");
        }

        if (_isBundle)
        {
            ReportBundle();
        }
    }

    private void ReportGo()
    {
        if (_goHeader.HasStarted)
        {
            if (GoBuildInfo.DecodeInline(_goHeader.Bytes) is { } info)
            {
                GoPackages.Read(info, path, findings);
            }
        }
        else if (_hasOldGoHeader && GoBuildInfo.FindModules(_goModules.Bytes) is { Length: > 0 } modules)
        {
            GoPackages.Read(new GoBuildInfo(null, modules), path, findings);
        }
    }

    // The list of a bundle's files is at its end, and what it names came before; deps.json is the one that is always stored as it is.
    private void ReportBundle()
    {
        try
        {
            var reader = new Utf8JsonReader(_depsJson.Bytes, new JsonReaderOptions { AllowMultipleValues = true });
            if (reader.Read() && reader.TrySkip())
            {
                DepsJson.Read(_depsJson.Bytes[..(int)reader.BytesConsumed], path, findings);
                return;
            }
        }
        catch (JsonException)
        {
            // Then it is not what it looked like.
        }

        findings.Warn(SingleFileBundle.NotFound);
    }

    /// <summary>Bytes that are kept of a file that passes by.</summary>
    private sealed class Kept(int maxBytes)
    {
        private ArrayBufferWriter<byte>? _bytes;

        public bool HasStarted => _bytes is not null;

        public ReadOnlySpan<byte> Bytes => _bytes is null ? [] : _bytes.WrittenSpan;

        /// <summary>Keeps these, and what comes after them; only the first time.</summary>
        public void Start(ReadOnlySpan<byte> bytes)
        {
            if (_bytes is null)
            {
                _bytes = new ArrayBufferWriter<byte>();
                GoOn(bytes);
            }
        }

        public void GoOn(ReadOnlySpan<byte> bytes) => _bytes?.Write(bytes[..Math.Min(bytes.Length, maxBytes - _bytes.WrittenCount)]);

        /// <summary>Keeps what of the table is among these bytes of the file.</summary>
        public void TakeFrom(ReadOnlySpan<byte> bytes, long start, DynamicTable? table)
        {
            if (table is not { } wanted || wanted.Start >= (ulong)(start + bytes.Length))
            {
                return;
            }

            long from = Math.Max(start, (long)wanted.Start);
            long length = (long)Math.Min(wanted.Length, (ulong)maxBytes) - (from - (long)wanted.Start);
            if (length > 0)
            {
                _bytes ??= new ArrayBufferWriter<byte>();
                GoOn(bytes.Slice((int)(from - start), (int)Math.Min(length, start + bytes.Length - from)));
            }
        }
    }
}
