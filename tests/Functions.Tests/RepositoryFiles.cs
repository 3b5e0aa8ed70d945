using System.Text.Json;
using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests;

/// <summary>Files at the repository's root.</summary>
internal static class RepositoryFiles
{
    public static JsonElement Json(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Path(name)));
        return document.RootElement.Clone();
    }
}
