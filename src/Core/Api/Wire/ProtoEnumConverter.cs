using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>Writes enums by their proto names: <c>OsCvesStale</c> is <c>OS_CVES_STALE</c>.</summary>
public sealed class ProtoEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where TEnum : struct, Enum;
