namespace AfirGen.Bench;

/// <summary>One family of measurements.</summary>
internal interface IScenario
{
    /// <summary>As it is named on the command line.</summary>
    string Name { get; }

    Task RunAsync(BenchOptions options, ResultTable results);
}
