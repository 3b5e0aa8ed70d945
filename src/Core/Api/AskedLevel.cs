using ImageScan.Core.Api.Description;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// Our own: a caller may say of which level the JSON of its answer is to be, as the page for people does, whatever the others of the app count on.
/// </summary>
public static class AskedLevel
{
    /// <summary>The header of requests.</summary>
    public const string Header = "Api-Level";

    private static readonly Dictionary<string, ApiLevel> Names =
        Enum.GetValues<ApiLevel>().ToDictionary(ApiDescription.NameOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>The level that a request asks for by a name of the setting <c>Api__Level</c>; that of the setting where it names none.</summary>
    public static ApiLevel Of(HttpRequest request, ApiSettings settings) => Names.GetValueOrDefault(request.Headers[Header].ToString().Trim(), settings.Level);
}
