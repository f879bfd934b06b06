"""What `make test` leaves to the full run: it runs a sample of some tests' cases, and of a few long tests none.

The suite has a budget (CONTRIBUTING.md). What stands here is the same kind of case many times over, each of them
long, or a long run of what a shorter test beside it shows as well. `make soak` and `make test ARGS=--full` run all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CASES", "left_out"]

#: Test, below tests/ -> how many of its cases are run, evenly spread over them.
CASES: Final[Mapping[str, int]] = {
    # Whole builds, reasoning over a whole release, deletion of every triple in turn, load and kills for seconds.
    "attack/test_connections.py::test_the_server_itself_stays_small": 0,
    "attack/test_soak.py::test_spoilt_rows_are_read_or_refused_and_every_offset_lies_in_the_text": 0,
    "build/test_spark.py::test_a_source_that_cannot_be_read_is_one_line": 0,
    "build/test_spark.py::test_an_executor_that_is_killed_changes_nothing": 0,
    "cli/test_cli.py::test_quiet_says_nothing_but_errors": 0,
    "cli/verbs/test_build.py::test_bad_rows_are_told_and_do_not_stop_a_build": 0,
    "cli/verbs/test_build.py::test_progress_is_shown_on_a_terminal": 0,
    "cli/verbs/test_trials.py::test_cells_keep_their_letters_whatever_the_locale": 0,
    "external/test_federation.py::test_rdflib_with_all_of_mondo_joins_ours": 0,
    "extract/columns/administration/test_dose_bounds.py::test_no_triple_of_it_may_get_lost": 0,
    "extract/columns/test_conclusion_graph.py::test_no_triple_of_it_may_get_lost": 0,
    "extract/segmentation/test_confidence.py::test_at_a_doubtful_boundary_nothing_is_stated": 0,
    "extract/segmentation/test_confidence.py::test_of_rows_of_high_confidence_98_in_100_are_right": 0,
    "extract/segmentation/test_segmentation_accuracy.py::test_the_seeds_rows_with_a_cell_of_another_row": 0,
    "extract/segmentation/test_segmentation_accuracy.py::test_the_seeds_rows_with_other_numbers": 0,
    "extract/test_arm_statements.py::test_no_triple_of_it_may_get_lost": 0,
    "extract/test_columns_cell_patterns.py::test_no_text_makes_a_pattern_slow": 0,
    "graph/test_term_checks.py::test_check_fails_with_one_line_for_a_wrong_id": 0,
    "http/server/test_live.py::test_swaps_under_load_fail_no_request_and_mix_no_answer": 0,
    "http/test_server_kills.py::test_what_is_killed_leaves_a_whole_release_served": 0,
    "ontology/test_data_fit.py::test_the_data_are_consistent_with_ontology_and_module": 0,
    "ontology/test_defined_classes.py::test_hermit_infers_the_same_of_constructed_trials": 0,
    "ontology/test_precision.py::test_a_draw_repeats_itself_and_leaves_out_what_was_judged": 0,
    "ontology/test_profile.py::test_every_file_alone_is_owl_2_dl_and_nothing_is_guessed": 0,
    "ontology/test_profile.py::test_the_core_and_what_the_bridge_adds_are_owl_2_dl": 0,
    "query/test_pool.py::test_a_heavy_answer_does_not_leave_its_memory_behind": 0,
    "release/test_audit.py::test_a_build_of_a_broken_ontology_leaves_the_old_release": 0,
    "release/test_audit.py::test_a_source_that_is_not_here_is_for_information": 0,
    "release/test_audit.py::test_another_table_is_not_refused": 0,
    "release/test_audit.py::test_each_defect_of_an_ontology_file_is_one_line_and_exit_1": 0,
    "release/test_audit.py::test_the_seed_with_its_columns_shuffled_is_not_refused": 0,
    "release/test_write.py::test_graph_exports_are_the_merge_for_rdflib": 0,
    "terminology/test_module.py::test_the_committed_module_is_what_the_pinned_releases_give": 0,
    "test_make.py::test_a_deleted_file_is_built_without_and_nothing_else_is_built_again": 0,
    "test_pipeline.py::test_a_release_below_a_file_is_one_line": 0,
    "test_pipeline.py::test_the_same_sources_give_the_same_release_in_the_same_steps_and_other_words_another": 0,
    "test_pipeline.py::test_unread_lines_and_unknown_headings_are_findings_and_in_the_manifest": 0,
    # Cases of one kind, each with a build, a server, a process or a page of its own.
    "attack/test_bombs.py::test_a_bomb_gets_an_answer_and_so_does_the_next_query": 11,
    "attack/test_inputs.py::test_a_hostile_table_is_read_or_refused": 3,
    "attack/test_soak.py::test_a_pattern_comes_to_an_end_on_a_hostile_text": 80,
    "docs/test_commands.py::test_every_command_runs_as_printed": 6,
    "browser/test_five_minutes.py::test_each_page_fits_a_dark_narrow_screen_and_reads_well": 3,
    "browser/test_trials.py::test_pages_are_accessible_and_fit_a_narrow_screen": 1,
    "cli/test_cli.py::test_a_file_that_is_no_table": 8,
    "cli/test_cli.py::test_a_full_disk_behind_stdout_is_one_line": 2,
    "cli/test_cli.py::test_a_place_where_nothing_can_be_written": 1,
    "cli/test_cli.py::test_a_reader_that_goes_away_hears_no_noise": 2,
    "cli/test_cli.py::test_a_seed_that_is_not_there": 1,
    "cli/test_cli.py::test_bad_use_is_one_line": 7,
    "cli/verbs/test_build.py::test_a_bad_row_is_reported_with_its_number_and_the_others_are_read": 1,
    "cli/verbs/test_check.py::test_a_line_that_is_not_filled_in_is_refused": 1,
    "cli/verbs/test_query.py::test_a_query_that_is_not_run_is_one_line": 4,
    "extract/segmentation/test_broken_rows.py::test_constructed_rows_broken_anywhere": 1,
    "extract/segmentation/test_segmentation_accuracy.py::test_constructed_lines": 1,
    "extract/test_columns_beyond_sense.py::test_no_reader_fails_on_a_number_without_sense": 8,
    "graph/test_checks.py::test_it_names_file_and_term_in_one_line": 3,
    "graph/test_checks.py::test_it_sees_that": 5,
    "graph/test_checks_shapes.py::test_each_broken_input_is_found_by_the_shapes_alone": 1,
    "graph/test_checks_whole.py::test_a_release_may_lack_it": 2,
    "graph/test_checks_whole.py::test_it_sees_what_is_missing": 4,
    "graph/test_statement_gates.py::test_a_column_that_states_nothing_is_seen": 1,
    "http/pages/test_figures.py::test_a_figure_is_a_picture_a_table_and_data": 2,
    "ontology/test_bridge.py::test_an_export_with_the_bridge_states_the_types": 1,
    "ontology/test_concept_files.py::test_file_is_valid_sssom_and_nothing_of_it_is_lost": 10,
    "ontology/test_profile.py::test_the_export_of_a_release_is_owl_2_dl": 1,
    "queries/test_queries.py::test_rdflib_gives_the_same_rows": 1,
    "release/test_write.py::test_a_damaged_release_is_built_again": 2,
    "release/test_write.py::test_dataset_exports_keep_the_graphs": 1,
    "release/figures/test_figure.py::test_a_picture_holds_its_marks_with_words_and_links": 2,
}


def left_out(cases: Mapping[str, int]) -> dict[str, frozenset[int]]:
    """Of each sampled test, the numbers of the cases that are left out.

    :param cases: test, below tests/ -> how many cases it has
    """
    return {
        test: frozenset(range(count)) - {round(k * count / CASES[test]) for k in range(CASES[test])}
        for test, count in cases.items()
        if test in CASES and CASES[test] < count
    }
