using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Browser;

/// <summary>The service with keys of every role, on a port that stays the same through restarts: the browser has its address.</summary>
internal static class PageStack
{
    public const string Officer = "officer-key-of-asha";
    public const string Registrar = "registrar-key-of-imran";
    public const string RegistrarOnly = "registrar-key-of-vikram";
    public const string Operator = "operator-key-of-meera";

    public static Task<EmbeddedStack> StartAsync() => EmbeddedStack.StartAsync(Settings());

    public static Dictionary<string, string> Settings() =>
        new()
        {
            ["urls"] = $"http://127.0.0.1:{Docker.FreePort()}",
            ["AfirGen:ApiKey"] = "api-key-of-the-tests",
            ["AfirGen:Keys:asha:Key"] = Officer,
            ["AfirGen:Keys:asha:Roles"] = "officer",
            ["AfirGen:Keys:imran:Key"] = Registrar,
            ["AfirGen:Keys:imran:Roles"] = "officer,registrar",
            ["AfirGen:Keys:vikram:Key"] = RegistrarOnly,
            ["AfirGen:Keys:vikram:Roles"] = "registrar",
            ["AfirGen:Keys:meera:Key"] = Operator,
            ["AfirGen:Keys:meera:Roles"] = "operator",
            ["AfirGen:Station:Name"] = "Kotwali",
            ["AfirGen:Station:District"] = "Meerut",
            ["AfirGen:Station:State"] = "Uttar Pradesh",
            ["AfirGen:Station:Code"] = "KTW",
            ["AfirGen:Station:OfficerName"] = "R. S. Chauhan",
            ["AfirGen:Station:OfficerRank"] = "Inspector",
        };
}
