using System.Text.Json.Serialization;

namespace ImageScan.Core.Api;

/// <summary>
/// Whose API answers are like. A later one has more fields, and JSON of another writer (grpc-gateway 2 since 4.6). The numbers are those of
/// releases: 409 is 4.9.
/// </summary>
public enum ApiLevel
{
    /// <summary>RHACS 4.5.</summary>
    [JsonStringEnumMemberName("4.5")]
    Release45 = 405,

    /// <summary>RHACS 4.9.</summary>
    [JsonStringEnumMemberName("4.9")]
    Release49 = 409,

    /// <summary>StackRox as it is developed, on the way to 4.12 in August 2026.</summary>
    [JsonStringEnumMemberName("latest")]
    Latest = 412,
}

/// <summary>The levels by their names.</summary>
public static class ApiLevels
{
    /// <summary>Our own: the header by which a request asks for another level than <c>Api__Level</c>.</summary>
    public const string Header = "Api-Level";

    /// <summary>The name of a level, as the setting <c>Api__Level</c> says it.</summary>
    public static string NameOf(ApiLevel level) => level == ApiLevel.Latest ? "latest" : $"{(int)level / 100}.{(int)level % 100}";

    /// <summary>The level of that name; false if it names none.</summary>
    public static bool TryParse(string? name, out ApiLevel level)
    {
        foreach (ApiLevel known in Enum.GetValues<ApiLevel>())
        {
            if (NameOf(known) == name)
            {
                level = known;
                return true;
            }
        }

        level = default;
        return false;
    }
}
