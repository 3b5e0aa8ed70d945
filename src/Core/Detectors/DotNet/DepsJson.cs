using System.Text.Json;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.DotNet;

/// <summary>
/// The manifest of what a .NET application, tool or shared framework is made of
/// (https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md, "[appname].deps.json").
/// </summary>
internal static class DepsJson
{
    // The runtime pack of a self-contained application bears this before its name on NuGet: runtimepack.Microsoft.NETCore.App.Runtime.linux-x64.
    private const string RuntimePackPrefix = "runtimepack.";

    // The largest applications have some hundreds.
    private const int MaxLibraries = 20_000;

    // The host that reads this file accepts comments (https://github.com/dotnet/runtime, src/native/corehost/json_parser.cpp).
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>
    /// Adds the NuGet packages that bring something to run, and the runtime packs. Of a shared framework
    /// (<c>…/shared/NAME/VERSION/NAME.deps.json</c>) it adds the framework. What is no such manifest becomes a warning.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> utf8, string path, FileFindings findings)
    {
        utf8 = JsonReading.WithoutByteOrderMark(utf8);
        var framework = SharedFramework.At(path);
        try
        {
            HashSet<string> idle = WithoutAssets(utf8, TargetOf(utf8));
            foreach (string library in LibrariesOf(utf8, findings))
            {
                // NuGet's ids have no slash.
                int slash = library.IndexOf('/');
                if (slash <= 0 || slash == library.Length - 1 || idle.Contains(library))
                {
                    continue;
                }

                bool isPack = library.StartsWith(RuntimePackPrefix, StringComparison.OrdinalIgnoreCase);
                string name = library[(isPack ? RuntimePackPrefix.Length : 0)..slash];
                if (name.Length > 0 && framework?.Takes(name) != true)
                {
                    findings.Add(new Package { Type = PackageType.NuGet, Name = name, Version = library[(slash + 1)..], Path = path });
                }
            }

            if (framework is not null)
            {
                findings.Add(new Package { Type = PackageType.NuGet, Name = framework.PackageName, Version = framework.Version, Path = path });
            }
        }
        catch (JsonException e)
        {
            findings.Warn($"This .deps.json is no valid JSON (line {e.LineNumber + 1}).");
        }
    }

    // "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"}, or only the name in the files of .NET Core 1.
    private static string? TargetOf(ReadOnlySpan<byte> utf8)
    {
        string? target = null;
        var reader = new Utf8JsonReader(utf8, Options);
        reader.EnterDocument();
        while (reader.NextProperty())
        {
            if (!reader.ValueTextEquals("runtimeTarget"u8))
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            reader.Read();
            target = reader.Text();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.NextProperty())
            {
                bool isName = reader.ValueTextEquals("name"u8);
                string? text = reader.NextText();
                target = isName ? text : target;
            }
        }

        return target;
    }

    // The libraries that bring nothing to the target: meta-packages, build tools, and what the framework itself has newer.
    private static HashSet<string> WithoutAssets(ReadOnlySpan<byte> utf8, string? target)
    {
        HashSet<string> idle = new(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(utf8, Options);
        reader.EnterDocument();
        while (reader.NextProperty())
        {
            bool isTargets = reader.ValueTextEquals("targets"u8);
            if (!reader.TryEnter(JsonTokenType.StartObject) || !isTargets)
            {
                reader.Skip();
                continue;
            }

            while (reader.NextProperty())
            {
                bool isTarget = reader.Text() == target;
                if (!reader.TryEnter(JsonTokenType.StartObject) || !isTarget)
                {
                    reader.Skip();
                    continue;
                }

                while (reader.NextProperty())
                {
                    string? library = reader.Text();
                    if (!HasAssets(ref reader) && library is not null && idle.Count < MaxLibraries)
                    {
                        idle.Add(library);
                    }
                }
            }
        }

        return idle;
    }

    private static bool HasAssets(ref Utf8JsonReader reader)
    {
        bool any = false;
        if (!reader.TryEnter(JsonTokenType.StartObject))
        {
            return false;
        }

        while (reader.NextProperty())
        {
            bool isOfRuntime = reader.ValueTextEquals("runtime"u8) || reader.ValueTextEquals("native"u8) || reader.ValueTextEquals("runtimeTargets"u8);
            if (!reader.TryEnter(JsonTokenType.StartObject) || !isOfRuntime)
            {
                reader.Skip();
                continue;
            }

            while (reader.NextProperty())
            {
                // "_._" says that there is nothing here (https://learn.microsoft.com/nuget/create-packages/select-assemblies-referenced-by-projects).
                any |= reader.Text() is { } asset && !asset.EndsWith("/_._", StringComparison.Ordinal);
                reader.Read();
                reader.Skip();
            }
        }

        return any;
    }

    // Of types there are also "project" (the application's own code), "reference" and "referenceassembly" (a bare DLL).
    private static List<string> LibrariesOf(ReadOnlySpan<byte> utf8, FileFindings findings)
    {
        List<string> libraries = [];
        var reader = new Utf8JsonReader(utf8, Options);
        reader.EnterDocument();
        while (reader.NextProperty())
        {
            bool isLibraries = reader.ValueTextEquals("libraries"u8);
            if (!reader.TryEnter(JsonTokenType.StartObject) || !isLibraries)
            {
                reader.Skip();
                continue;
            }

            while (reader.NextProperty())
            {
                string? library = reader.Text();
                if (IsPackage(ref reader) && library is not null && libraries.Count < MaxLibraries)
                {
                    libraries.Add(library);
                }
            }
        }

        if (libraries.Count == MaxLibraries)
        {
            findings.Warn($"Only {MaxLibraries} libraries of this .deps.json were taken.");
        }

        return libraries;
    }

    private static bool IsPackage(ref Utf8JsonReader reader)
    {
        bool isPackage = false;
        if (!reader.TryEnter(JsonTokenType.StartObject))
        {
            return false;
        }

        while (reader.NextProperty())
        {
            bool isType = reader.ValueTextEquals("type"u8);
            string? text = reader.NextText();
            isPackage = isType ? text?.ToLowerInvariant() is "package" or "runtimepack" : isPackage;
        }

        return isPackage;
    }
}
