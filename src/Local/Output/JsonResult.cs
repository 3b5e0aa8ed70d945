using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Local.Output;

/// <summary>Results in JSON on stdout, which no terminal obeys.</summary>
internal static class JsonResult
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write<T>(T result) => Console.Out.WriteLine(HostileText.InJson(JsonSerializer.SerializeToUtf8Bytes(result, Form)));
}
