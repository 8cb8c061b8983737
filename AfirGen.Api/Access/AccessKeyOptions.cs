using System.Text.RegularExpressions;
using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Access;

/// <summary>A key of configuration section <c>AfirGen:Keys:{name}</c>.</summary>
internal sealed partial class AccessKeyOptions
{
    public string? Key { get; set; }

    /// <summary>One or more of officer, registrar, operator, separated by commas. Text: of a dictionary, the binder drops what it cannot convert.</summary>
    public string? Roles { get; set; }

    /// <summary>None when they cannot be read.</summary>
    public Role Granted => RoleNames.Parse(Roles);

    public static bool IsName(string name) => NameShape().IsMatch(name);

    /// <returns>One line that says what to set; null when all is well.</returns>
    public static string? Problem(ServiceOptions options)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { options.ApiKey ?? "" };
        foreach (var (name, key) in options.Keys)
        {
            var setting = $"AfirGen:Keys:{name}";
            if (!IsName(name))
            {
                return $"{setting}: a name has 1 to 32 letters, digits, dots, hyphens or underscores.";
            }

            if (key.Key is not { Length: >= ServiceOptions.MinKeyLength and <= ServiceOptions.MaxKeyLength })
            {
                return $"{setting}:Key must have {ServiceOptions.MinKeyLength} to {ServiceOptions.MaxKeyLength} characters. Set AfirGen__Keys__{name}__Key.";
            }

            if (key.Granted == Role.None)
            {
                return $"{setting}:Roles must be {RoleNames.Wanted}, separated by commas. Set AfirGen__Keys__{name}__Roles.";
            }

            if (!seen.Add(key.Key))
            {
                return $"{setting}:Key is another key too. Give each a key of its own.";
            }
        }

        return null;
    }

    [GeneratedRegex(@"^[\w.-]{1,32}\z")]
    private static partial Regex NameShape();
}
