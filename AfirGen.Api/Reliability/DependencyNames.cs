namespace AfirGen.Api.Reliability;

/// <summary>The dependencies that can fail on their own. Operators and the old tools know them by these names.</summary>
internal static class DependencyNames
{
    public const string ModelServer = "model_server";
    public const string AsrOcrServer = "asr_ocr_server";
    public const string Database = "database";

    public static readonly IReadOnlyList<string> All = [ModelServer, AsrOcrServer, Database];
}
