using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace ImageScan.Core;

/// <summary>
/// Reads a section of the settings into its record. The binder of .NET takes "10" for ten days and any number for a limit; this one
/// takes times in seconds, knows bounds, and names the setting as an operator writes it.
/// </summary>
public static class SettingsSection
{
    /// <summary>What a number, or a time in seconds, may be; all others from 1 on.</summary>
    internal static readonly IReadOnlyDictionary<string, (long Min, long Max)> Bounds = new Dictionary<string, (long Min, long Max)>
    {
        ["Access__RequestsPerMinute"] = (0, 1_000_000),
        ["Access__ExchangeMinutes"] = (1, 1_440),
        ["Scan__InlineBytes"] = (0, long.MaxValue),
        ["Scan__WaitSeconds"] = (1, 230),
        ["Scan__TimeoutSeconds"] = (1, 86_400),
        ["Scan__ParallelLayers"] = (1, 64),
        ["Scan__LayersPerInstance"] = (0, 1_000),
        ["Scan__ParallelScans"] = (1, 1_000),
        ["Scan__BackgroundScans"] = (1, 1_000),
        ["Scan__BackgroundPerMinute"] = (0, 1_000_000),
        ["Scan__ForceReuseSeconds"] = (0, 86_400),
        ["Scan__RematchesPerMinute"] = (0, 1_000_000),
        ["Cluster__ConnectedSeconds"] = (3, 86_400),
        ["Retention__ResultDays"] = (0, 36_500),
        ["Retention__RemovedDays"] = (0, 36_500),
        ["Retention__JobDays"] = (1, 3_650),
        ["Retention__AuditDays"] = (1, 36_500),
        ["Retention__NotificationDays"] = (1, 3_650),
        ["Retention__BundleDays"] = (0, 36_500),
        ["Retention__ExceptionDays"] = (0, 36_500),
        ["Advisories__PollSeconds"] = (1, 86_400),
        ["Advisories__RefreshHours"] = (1, 168),
        ["Advisories__RefreshMinutes"] = (1, 1_440),
        ["Signatures__FetchTimeout"] = (1, 600),
        ["Signatures__VerifyTimeout"] = (1, 600),
        ["Signatures__LogTimeout"] = (1, 600),
        ["WebhookLimits__BodyBytes"] = (1024, 64 << 20),
        ["WebhookLimits__Events"] = (1, 100_000),
        ["WebhookLimits__ReplaySeconds"] = (1, 86_400),
        ["WebhookLimits__RequestsPerMinute"] = (0, 1_000_000),
        ["Watch__Hours"] = (1, 8_760),
        ["Health__AdvisoryDays"] = (0, 36_500),
        ["Telemetry__TracePercent"] = (0, 100),
        ["RegistryClient__ConnectTimeout"] = (1, 600),
        ["RegistryClient__HeadersTimeout"] = (1, 600),
        ["RegistryClient__StallTimeout"] = (1, 600),
        ["RegistryClient__Retries"] = (0, 20),
        ["RegistryClient__FirstRetryDelay"] = (0, 60),
        ["RegistryClient__LongestRetryDelay"] = (0, 600),
        ["RegistryClient__Resumptions"] = (0, 100),
        ["RegistryClient__RequestsPerHost"] = (2, 1_000),
        ["Limits__HeaderKibibytes"] = (1, 1024),
        ["Limits__JsonDepth"] = (1, 1000),
        ["Limits__LayerRatioFloorBytes"] = (0, long.MaxValue),
        ["Limits__ZstdWindowBytes"] = (1024, 1 << 30),
    };

    /// <summary>The settings of one section; what is not set or empty has its default. Throws <see cref="SettingException"/>.</summary>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return (T)ReadAs(typeof(T), configuration.GetSection(section), section);
    }

    /// <summary>A list whose entries are numbered from 0: <c>Registries__0__Host</c>. Throws <see cref="SettingException"/>.</summary>
    public static IReadOnlyList<T> ReadList<T>(IConfiguration configuration, string section)
        where T : new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return [.. ReadList(typeof(T), configuration.GetSection(section), section).Cast<T>()];
    }

    /// <summary>
    /// Entries that have a name: <c>Feeds__osv__Url</c>. A dash of a name may be written as an underscore, since shells and App Service allow
    /// no dash. Throws <see cref="SettingException"/>, also for an entry whose name is none of <paramref name="names"/>.
    /// </summary>
    public static IReadOnlyDictionary<string, T> ReadNamed<T>(IConfiguration configuration, string section, IReadOnlyList<string> names)
        where T : new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var entries = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (IConfigurationSection entry in configuration.GetSection(section).GetChildren())
        {
            string name = names.FirstOrDefault(name => name.Equals(entry.Key.Replace('_', '-'), StringComparison.OrdinalIgnoreCase))
                ?? throw new SettingException($"{section}__{entry.Key} is none of {section}__NAME; NAME must be one of {string.Join(", ", names)}.");
            if (!entries.TryAdd(name, (T)ReadAs(typeof(T), entry, $"{section}__{entry.Key}")))
            {
                throw new SettingException($"{section}__{entry.Key} is there twice, once with a dash and once with an underscore.");
            }
        }

        return entries;
    }

    private static object ReadAs(Type type, IConfiguration section, string name)
    {
        object settings = Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            string setting = $"{name}__{property.Name}";
            if (property.PropertyType is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            {
                property.SetValue(settings, ReadList(list.GetGenericArguments()[0], section.GetSection(property.Name), setting));
            }
            else if (section[property.Name] is { Length: > 0 } text)
            {
                property.SetValue(settings, ValueOf(property.PropertyType, text, setting));
            }
        }

        return settings;
    }

    private static IList ReadList(Type type, IConfiguration section, string name)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            object settings = ReadAs(type, entry, $"{name}__{entry.Key}");
            list.Add(settings is SettingEntry numbered ? numbered.WithNumber(entry.Key) : settings);
        }

        return list;
    }

    private static object ValueOf(Type type, string text, string name)
    {
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(bool) || type == typeof(bool?))
        {
            return bool.TryParse(text, out bool value) ? value : throw Wrong(name, text, "true or false");
        }

        if (type.IsEnum)
        {
            object? known = Enum.GetValues(type).Cast<object>().FirstOrDefault(value => NameOf(value).Equals(text, StringComparison.OrdinalIgnoreCase));
            return known ?? throw Wrong(name, text, $"one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(NameOf))}");
        }

        (long min, long max) = Bounds.GetValueOrDefault(name, (1, type == typeof(int) ? int.MaxValue : long.MaxValue));
        if (type == typeof(TimeSpan))
        {
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds >= min && seconds <= max
                ? TimeSpan.FromSeconds(seconds)
                : throw Wrong(name, text, $"seconds from {min} to {max}");
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max
            ? Convert.ChangeType(number, type, CultureInfo.InvariantCulture)
            : throw Wrong(name, text, $"a whole number from {min} to {max}");
    }

    /// <summary>What an operator writes for a value of an enum: 4.9 is no name in C#, so some say another one.</summary>
    internal static string NameOf(object value) =>
        value.GetType().GetField($"{value}")?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? $"{value}";

    private static SettingException Wrong(string name, string text, string allowed) => new($"{name} is '{text}'; it must be {allowed}.");
}
