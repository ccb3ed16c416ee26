"""Texts of the chapter on how well the points work. Each: Swedish, English."""

TEXTS = {
    "accuracy_title": ("Hur väl det stämmer", "How well it works"),
    "accuracy_lead": (
        "Tre frågor avgör om poängen går att lita på. Stämmer nivån? Skiljer de ärendena rätt åt? Gör de mer nytta "
        "än de enkla alternativen?",
        "Three questions decide whether the points can be trusted. Is the level right? Do they tell the right cases "
        "apart? Are they worth more than the simple alternatives?",
    ),
    "level_heading": ("Stämmer nivån?", "Is the level right?"),
    "level_oe": (
        "För varje 100 långa ärenden som poängen förutsade blev det {oe} ({range}). Talet 100 betyder att nivån är "
        "helt rätt.",
        "For every 100 long cases that the points predicted there were {oe} ({range}). 100 means that the level is "
        "exactly right.",
    ),
    "level_ici": (
        "I genomsnitt skiljer det {ici} ärenden av 100 mellan den risk poängen anger och hur det faktiskt gick.",
        "On average {ici} cases of 100 lie between the risk that the points give and what really happened.",
    ),
    "level_chance": (
        "Även en helt rätt modell skulle av en slump visa {chance}.",
        "By chance even a perfectly right model would show {chance}.",
    ),
    "level_slope": (
        "Lutningen är {slope} ({range}). 1 är idealet. Under 1 är de höga riskerna för höga och de låga för låga, "
        "över 1 är det tvärtom.",
        "The slope is {slope} ({range}). 1 is ideal. Below 1 the high risks are too high and the low ones too low, "
        "above 1 it is the other way round.",
    ),
    "curve_caption": (
        "Så här blev det för ärenden med olika risk. Den streckade linjen visar var punkterna hade legat om varje "
        "risk var helt rätt. Det färgade bandet visar osäkerheten.",
        "How cases with different risks turned out. The dashed line shows where the points would lie if every risk "
        "were exactly right. The coloured band shows the uncertainty.",
    ),
    "curve_alternative": (
        "Kurva över förutsagd och verklig andel långa ärenden. Vid lägst risk, {first_risk} av 100, blev det "
        "{first_observed}; vid högst risk, {last_risk} av 100, blev det {last_observed}. Kurvan avviker som mest "
        "{gap} av 100 från den streckade linjen.",
        "Curve of predicted and actual share of long cases. At the lowest risk, {first_risk} of 100, it became "
        "{first_observed}; at the highest, {last_risk} of 100, it became {last_observed}. At most the curve lies "
        "{gap} of 100 from the dashed line.",
    ),
    "curve_across": ("Förutsagt: långa ärenden av 100", "Predicted: long cases of 100"),
    "curve_up": ("Så blev det: långa ärenden av 100", "It became: long cases of 100"),
    "curve_ideal": ("helt rätt", "exactly right"),
    "curve_threshold": ("flagga", "flag"),
    "curve_table": ("Förutsagd och verklig risk", "Predicted and actual risk"),
    "curve_predicted": ("Förutsagt av 100", "Predicted of 100"),
    "curve_observed": ("Så blev det, av 100", "Became of 100"),
    "curve_missing": (
        "Kurvan ritas inte: det finns för få ärenden för att den ska säga något.",
        "No curve is drawn: there are too few cases for it to say anything.",
    ),
    "apart_heading": ("Skiljer poängen ärendena rätt åt?", "Do the points tell cases apart?"),
    "apart_auc": (
        "Ta ett långt ärende och ett kort. I {auc} fall av 100 har det långa fått högre "
        "poäng ({range}). 50 är ren slump och 100 är rätt varje gång. Liknande system i andra länder ligger "
        "mellan 57 och 80.",
        "Take one case that stayed long and one that did not. {auc} times of 100 the first has the higher points "
        "({range}). 50 is pure chance and 100 is right every time. Similar systems elsewhere reach between 57 and 80.",
    ),
    "distribution_caption": (
        "Hur ärendena fördelar sig på risk. Uppåt de långa, nedåt de övriga. Ju mindre överlapp, desto "
        "lättare är det att skilja dem åt.",
        "How cases spread over the risk. Upwards those who stayed long, downwards the others. The less they overlap, "
        "the easier they are to tell apart.",
    ),
    "distribution_alternative": (
        "Staplar över risken. Av de långa ärendena hade {events_above} av 100 minst risken {at} av 100; av de "
        "övriga {others_above} av 100.",
        "Bars over the risk. Of those who stayed long {events_above} of 100 had a risk of at least {at} of 100; of "
        "the others {others_above} of 100.",
    ),
    "distribution_across": ("Risk: långa ärenden av 100", "Risk: long cases of 100"),
    "distribution_table": ("Fördelning på risk", "Spread over the risk"),
    "distribution_bin": ("Risk av 100", "Risk of 100"),
    "distribution_long": ("Långa ärenden", "Stayed long"),
    "distribution_other": ("Övriga ärenden", "Did not stay long"),
    "benefit_heading": ("Gör poängen mer nytta än alternativen?", "Are the points worth more than the alternatives?"),
    "benefit_text": (
        "Att flagga har en vinst (ett långt ärende som får stöd i tid) och en kostnad (en utredning i onödan). "
        "Nettonyttan väger dem mot varandra: hur många rätt flaggade ärenden per 100 nya som blir kvar när de "
        "onödiga flaggorna är avdragna. Den högsta linjen är bäst. Kommunens avvägning mellan missade och onödiga "
        "svarar mot en gräns vid risken {threshold} av 100.",
        "Flagging has a gain (a long case supported in time) and a cost (a needless investigation). The net benefit "
        "weighs them: how many rightly flagged cases per 100 new ones remain once the needless flags are deducted. "
        "The highest line is best. The municipality's weighing of missed against needless answers to a limit at a risk "
        "of {threshold} of 100.",
    ),
    "benefit_at": (
        "Vid gränsen ger poängen {points} per 100 nya ärenden. Att flagga alla ger {everyone} och att inte flagga "
        "någon ger 0.",
        "At the limit the points give {points} per 100 new cases. Flagging everyone gives {everyone} and flagging "
        "nobody gives 0.",
    ),
    "benefit_caption": (
        "Nettonytta för olika gränser. Ju längre till vänster, desto tyngre väger en missad person.",
        "Net benefit for different limits. Further to the left a missed person weighs more.",
    ),
    "benefit_alternative": (
        "Linjer över nettonyttan. Poängen har högst nettonytta av de visade sätten vid {best} av {n} gränser.",
        "Lines of net benefit. The points have the highest net benefit of the ways shown at {best} of {n} limits.",
    ),
    "benefit_weighed": ("kommunens avvägning", "the municipality's weighing"),
    "benefit_across": ("Gräns: risk av 100 som ger flagga", "Limit: risk of 100 that raises the flag"),
    "benefit_up": ("Nettonytta per 100 nya ärenden", "Net benefit per 100 new cases"),
    "benefit_table": ("Nettonytta per 100 nya ärenden", "Net benefit per 100 new cases"),
    "benefit_limit": ("Gräns", "Limit"),
    "years_heading": ("År för år", "Year by year"),
    "years_text": (
        "Varje år är prövat med poäng från tidigare år. Liknande tal år efter år tyder på att det "
        "håller även nästa år.",
        "Each year was tested with points from earlier years. Even numbers suggest that it will hold next year too.",
    ),
    "years_text_out_of_fold": (
        "Varje ärende är prövat med poäng som räknats fram utan det. Det första och det sista året kan vara bara några "
        "månader.",
        "Each case was tested with points made without it. The first and the last year may be a few months only.",
    ),
    "years_caption": ("Resultat per år", "Results by year"),
    "years_across": ("Långa ärenden för varje 100 förutsagda", "Long cases for every 100 predicted"),
    "as_predicted": ("som förutsagt", "as predicted"),
    "intervals_alternative": (
        "Punkter med osäkerhetsstreck för varje rad. {inside} av {n} streck når över 100, alltså som förutsagt.",
        "Points with bars of uncertainty for each row. {inside} of {n} bars reach 100, that is, as predicted.",
    ),
    "oe_column": ("Långa för varje 100 förutsagda", "Long for every 100 predicted"),
    "auc_column": ("Rätt ordning av 100 par", "Right order of 100 pairs"),
    "flagged_column": ("Flaggade av 100", "Flagged of 100"),
    "ppv_column": ("Långa ärenden av 100 flaggade", "Of 100 flagged stayed long"),
    "missed_column": ("Av 100 långa missades", "Of 100 long missed"),
    "price_heading": ("Priset för att kunna förklaras", "The price of being explainable"),
    "price_text": (
        "Poängen är en enkel modell som kan räknas med papper och penna. Här står vad det kostar i träffsäkerhet, "
        "och vad som vinns mot ännu enklare sätt.",
        "The points are a simple model that can be worked out with pencil and paper. This is what that costs in "
        "accuracy, and what it gains over simpler ways still.",
    ),
    "price_caption": ("Poängen jämförda med andra sätt att bedöma risken", "The points beside other ways"),
    "price_way": ("Sätt", "Way"),
    "price_gap": ("Skillnad mot poängen", "Difference from the points"),
    "measures_folded": ("Alla mått, för den som vill granska", "Every measure, for those who wish to examine"),
    "measures_caption": ("Alla mått för poängen", "Every measure of the points"),
    "measure_column": ("Mått", "Measure"),
    "estimate_column": ("Värde", "Value"),
    "predictor_points": ("Poängen", "The points"),
    "predictor_no_history": ("Poäng utan månaderna hittills", "Points without the months so far"),
    "predictor_equation": ("Ekvationen bakom poängen", "The equation behind the points"),
    "predictor_boosted": ("Maskininlärning (boostade träd)", "Machine learning (boosted trees)"),
    "predictor_three_item": ("Tre frågor, en poäng var", "Three questions, one point each"),
    "predictor_event_rate": ("Samma risk för alla", "The same risk for everyone"),
    "predictor_last_release": ("Förra utgåvan", "The last release"),
    "predictor_best": ("Bästa möjliga (bara i påhittade data)", "Best possible (made data only)"),
    "predictor_true": ("Den sanna risken (bara i påhittade data)", "The true risk (made data only)"),
    "predictor_all": ("Flagga alla", "Flag everyone"),
    "predictor_none": ("Flagga ingen", "Flag nobody"),
    "measure_auc": ("Rätt ordning av par (AUC)", "Pairs in the right order (AUC)"),
    "measure_oe": ("Utfall delat med förutsagt (O/E)", "Observed over expected (O/E)"),
    "measure_citl": ("Nivåfel på logoddsskalan", "Calibration in the large, log-odds"),
    "measure_inflow_oe": ("O/E bland de nya ärenden som har nybesökssvar", "O/E among new cases with intake answers"),
    "measure_inflow_slope": (
        "Lutning bland de nya ärenden som har nybesökssvar",
        "Slope among new cases with intake answers",
    ),
    "measure_recalibration_intercept": ("Omkalibrering: nivå", "Recalibration intercept"),
    "measure_recalibration_slope": ("Omkalibrering: lutning", "Recalibration slope"),
    "measure_ici": ("Genomsnittligt avstånd till rätt risk (ICI)", "Mean distance from the right risk (ICI)"),
    "measure_ici_by_chance": ("Samma avstånd för en helt rätt modell", "The same for a perfect model"),
    "measure_e50": ("Medianavstånd (E50)", "Median distance (E50)"),
    "measure_e90": ("Avstånd som nio av tio ligger under (E90)", "Distance nine of ten stay below (E90)"),
    "measure_emax": ("Största avstånd (Emax)", "Largest distance (Emax)"),
    "measure_brier": ("Brier, genomsnittligt kvadratfel", "Brier, mean squared error"),
    "measure_scaled_brier": ("Brier, andel av det möjliga", "Scaled Brier"),
    "measure_net_benefit": ("Nettonytta vid gränsen", "Net benefit at the limit"),
    "measure_flagged_share": ("Andel som får flaggan", "Share flagged"),
    "measure_sensitivity": ("Andel av de långa som får flaggan", "Share of long cases flagged (sensitivity)"),
    "measure_specificity": ("Andel av de övriga som inte får flaggan", "Share of others not flagged (specificity)"),
    "measure_ppv": ("Andel av de flaggade som fick bistånd länge", "Share of flagged who stayed long (PPV)"),
    "measure_npv": ("Andel av de oflaggade som inte fick bistånd länge", "Share of unflagged who did not (NPV)"),
    "measure_left_early_share": (
        "Andel av de flaggade som klarade sig själva inom 100 dagar",
        "Share of flagged who managed within 100 days",
    ),
}
