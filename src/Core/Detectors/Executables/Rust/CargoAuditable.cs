using System.Text.Json;
using ImageScan.Core.Detectors.Executables.Formats;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Executables.Rust;

/// <summary>
/// Reads the crates of a Rust program that was built with <c>cargo auditable</c>: a list in JSON, compressed by zlib, in a section of its own
/// (https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md; its fields:
/// https://github.com/rust-secure-code/cargo-auditable/blob/master/cargo-auditable.schema.json).
/// </summary>
internal static class CargoAuditable
{
    public const string SectionName = ".dep-v0";

    // The format's own advice for readers is a limit; a list of a thousand crates has 200 KB.
    private const int MaxBytes = 8 << 20;

    public static void Read(ExecutableFile file, string path, FileFindings findings)
    {
        ReadOnlyMemory<byte> section = file.Section(SectionName);
        if (section.IsEmpty)
        {
            return;
        }

        try
        {
            if (Inflation.Zlib(section, MaxBytes) is not { } json)
            {
                findings.Warn($"Its list of crates was not read: it has more than {MaxBytes} bytes.");
                return;
            }

            using JsonDocument document = JsonDocument.Parse(json);
            AddCrates(document.RootElement, path, findings);
        }
        catch (InvalidDataException)
        {
            findings.Warn($"Its list of crates (section {SectionName}) is not compressed as it should be.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second for half a surrogate pair in the name of a property.
            findings.Warn($"Its list of crates (section {SectionName}) is no valid JSON.");
        }
    }

    private static void AddCrates(JsonElement root, string path, FileFindings findings)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("packages", out JsonElement crates) || crates.ValueKind != JsonValueKind.Array)
        {
            findings.Warn($"Its list of crates (section {SectionName}) has no packages.");
            return;
        }

        foreach (JsonElement crate in crates.EnumerateArray().Where(IsInTheProgram))
        {
            if (TextOf(crate, "name") is { Length: > 0 } name && TextOf(crate, "version") is { Length: > 0 } version)
            {
                findings.Add(new Package { Type = PackageType.Cargo, Name = name, Version = version, Path = path });
            }
        }
    }

    // "build" is what only ran while it was built; where nothing is said, it is "runtime".
    private static bool IsInTheProgram(JsonElement crate) =>
        crate.ValueKind == JsonValueKind.Object && (!crate.TryGetProperty("kind", out _) || TextOf(crate, "kind") == "runtime");

    private static string? TextOf(JsonElement crate, string property)
    {
        if (!crate.TryGetProperty(property, out JsonElement value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }
}
